#include "scenarios/validate/kernel_rows.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <stdexcept>

#include "models/calibration/calibrate.hpp"
#include "scenarios/text/entry.hpp"

namespace superpod::scenarios {
namespace {

using models::Chip;
using models::Kernel;
using models::Measurement;

/// Chips of the catalogue, each read once.
class Chips {
 public:
  explicit Chips(const Library& library) : library_{&library} {}

  /// Null when the catalogue has none of that name.
  const std::shared_ptr<const Chip>& named(const std::string& name) {
    const auto [at, added] = chips_.try_emplace(name);
    if (added && library_->file(shelf_of(Chip::kind), name))
      at->second = std::make_shared<const Chip>(entry_named<Chip>(name, *library_));
    return at->second;
  }

 private:
  const Library* library_;
  std::map<std::string, std::shared_ptr<const Chip>> chips_;
};

std::optional<std::pair<Seconds, Seconds>> interval_of(Seconds time, const models::TimingChoice& choice) {
  if (!choice.timing) return std::nullopt;
  const auto& error = choice.own ? choice.timing->held_out : choice.timing->transfer;
  if (!error) return std::nullopt;
  return std::pair{std::max(0.0, 1 - error->p90) * time, (1 + error->p90) * time};
}

std::string count(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

std::string matrix_text(const models::MatrixShape& shape) {
  const std::string one = count(shape.m) + " x " + count(shape.n) + " x " + count(shape.k);
  return shape.groups > 1 ? count(shape.groups) + " x (" + one + ")" : one;
}

std::string attention_text(const models::AttentionShape& shape) {
  return count(shape.sequences) + " sequences, " + count(shape.heads) + " heads, " + count(shape.queries) +
         " of " + count(shape.keys) + " keys";
}

}  // namespace

PredictedKernel predicted(const Measurement& row, const std::shared_ptr<const Chip>& chip) {
  PredictedKernel out{row, chip, models::timing_of(family_of(row), *chip), {}, {}};
  out.predicted = out.choice.timing ? time_of(row, out.choice.timing->parameters, *chip, out.choice.cores)
                                    : models::total_time(row.kernels, *chip);
  out.interval = interval_of(out.predicted, out.choice);
  return out;
}

PredictedKernels predicted(const KernelTable& table, const Library& library,
                           const std::function<void(double)>& progress) {
  PredictedKernels out{{}, table.unread};
  Chips chips{library};
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    constexpr std::size_t between_reports = 1000;
    if (progress && i % between_reports == 0)
      progress(static_cast<double>(i) / static_cast<double>(table.rows.size()));
    const Measurement& row = table.rows[i];
    const auto& chip = chips.named(row.device);
    if (!chip) {
      out.unread.push_back({row.line, "the catalogue has no chip " + in_quotes(row.device)});
      continue;
    }
    try {
      out.rows.push_back(predicted(row, chip));
    } catch (const std::invalid_argument& lacking) {
      out.unread.push_back({row.line, lacking.what()});
    }
  }
  std::ranges::stable_sort(out.unread, {}, &KernelTable::Unread::line);
  return out;
}

std::string basis(const models::TimingChoice& choice) {
  if (!choice.timing) return "roofline";
  const std::string& library = choice.timing->implementation;
  return std::string{choice.entry} + (library.empty() ? "" : " " + library);
}

std::string shape_text(const Measurement& row) {
  for (const Kernel& kernel : row.kernels) {
    if (kernel.kind == Kernel::Kind::attention) return attention_text(kernel.attention);
    if (kernel.kind != Kernel::Kind::vector) return matrix_text(kernel.matrix);
  }
  Bytes bytes;
  for (const Kernel& kernel : row.kernels) bytes += kernel.bytes;
  return count(bytes.in(unit::B)) + " B";
}

}  // namespace superpod::scenarios
