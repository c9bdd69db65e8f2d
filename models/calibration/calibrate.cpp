#include "models/calibration/calibrate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <stdexcept>

#include "models/calibration/least_squares.hpp"
#include "models/calibration/parameters.hpp"
#include "models/hardware/kernel_time.hpp"
#include "models/random/random.hpp"

namespace superpod::models {
namespace {

constexpr double outlier = 0.05;               // of ln(predicted / measured): from here on errors count once
constexpr std::array differences{1e-2, 1e-3};  // first across the steps of rounding up, then fine
constexpr double spread_of_starts = 0.5;       // standard deviation of ln(start / usual value)
constexpr std::size_t rows_for_a_parameter = 3;

using Rows = std::vector<const Measurement*>;

/// ln of the parameters that are fitted, and the rest as it is.
struct Search {
  std::span<const FittedParameter> free;
  TimingParameters fixed;

  [[nodiscard]] TimingParameters parameters(std::span<const double> x) const {
    TimingParameters p = fixed;
    for (std::size_t j = 0; j < free.size(); ++j) free[j].set(p, std::exp(x[j]));
    return p;
  }
};

/// The square root of the robust loss, with the residual's sign: its square is what is minimised.
double robust(double r) {
  const double z = r / outlier;
  return std::copysign(outlier * std::sqrt(2 * (std::sqrt(1 + z * z) - 1)), r);
}

Search search_for(const KernelFamily& family, std::size_t rows, const CalibrationSettings& settings) {
  const auto all = fitted_parameters(family.form);
  Search search;
  search.free = all.first(std::clamp<std::size_t>(rows / rows_for_a_parameter, 1, all.size()));
  for (const FittedParameter& parameter : all) parameter.set(search.fixed, parameter.usual);
  if (settings.like)
    if (const FamilyTiming* similar = nearest(family, settings.like->families))
      search.fixed = similar->parameters;
  return search;
}

TimingParameters fit(const Rows& rows, const Chip& chip, const Search& search, int starts,
                     std::uint64_t seed) {
  std::vector<Interval> bounds;
  for (const FittedParameter& p : search.free) bounds.push_back({std::log(p.low), std::log(p.high)});
  const Residuals residuals = [&](std::span<const double> x, std::span<double> out) {
    const TimingParameters p = search.parameters(x);
    for (std::size_t i = 0; i < rows.size(); ++i)
      out[i] = robust(std::log(time_of(*rows[i], p, chip, chip.cores->value) / rows[i]->time));
  };

  Random random{seed};
  Minimum best;
  for (int start = 0; start < starts; ++start) {
    std::vector<double> x;
    for (std::size_t j = 0; j < search.free.size(); ++j)
      x.push_back(
          std::clamp(std::log(search.free[j].usual) + (start > 0 ? spread_of_starts * random.normal() : 0),
                     bounds[j].low, bounds[j].high));
    Minimum found{x, 0};
    for (const double step : differences)
      found = minimised(residuals, static_cast<int>(rows.size()), found.x, bounds, step);
    if (start == 0 || found.cost < best.cost) best = std::move(found);
  }
  return search.parameters(best.x);
}

/// Rows with equal keys are held out together.
std::array<double, 3> group_of(const Measurement& row) {
  const bool vectors = family_of(row).form == KernelFamily::Form::vector;
  for (const Kernel& kernel : row.kernels) {
    if (vectors) return {kernel.bytes.in(unit::B), 0, 0};
    if (kernel.kind == Kernel::Kind::vector) continue;
    if (kernel.kind == Kernel::Kind::attention)
      return {kernel.attention.sequences, kernel.attention.heads, kernel.attention.kv_heads};
    return {kernel.matrix.n, kernel.matrix.k, 0};
  }
  return {};
}

/// The fold of each row: groups in random order, dealt out one by one.
std::vector<int> folds_of(const Rows& rows, int folds, std::uint64_t seed) {
  std::map<std::array<double, 3>, int> fold;
  for (const Measurement* row : rows) fold[group_of(*row)] = 0;
  std::vector<int*> order;
  for (auto& [key, value] : fold) order.push_back(&value);
  Random{seed}.shuffle(order);
  for (std::size_t i = 0; i < order.size(); ++i) *order[i] = static_cast<int>(i) % folds;
  std::vector<int> out;
  for (const Measurement* row : rows) out.push_back(fold[group_of(*row)]);
  return out;
}

std::vector<Seconds> unseen_times(const Rows& rows, const Chip& chip, const Search& search,
                                  const CalibrationSettings& settings) {
  const std::vector<int> fold_of = folds_of(rows, settings.folds, settings.seed);
  std::vector<Seconds> out(rows.size());
  for (int fold = 0; fold < settings.folds; ++fold) {
    Rows seen;
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (fold_of[i] != fold) seen.push_back(rows[i]);
    if (seen.empty() || seen.size() == rows.size()) continue;
    const TimingParameters p = fit(seen, chip, search, std::min(settings.starts, 2), settings.seed);
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (fold_of[i] == fold) out[i] = time_of(*rows[i], p, chip, chip.cores->value);
  }
  return out;
}

/// Vector kernels have a name each, and one model.
std::string implementation_of(const Measurement& row) {
  return family_of(row).form == KernelFamily::Form::vector ? std::string{} : row.implementation;
}

CalibratedFamily calibrated(const KernelFamily& family, const Rows& rows, const Chip& chip,
                            const CalibrationSettings& settings) {
  const Search search = search_for(family, rows.size(), settings);
  CalibratedFamily out;
  FamilyTiming& timing = out.timing;
  timing.form = family.form;
  timing.precision = family.precision;
  timing.scaling = family.scaling;
  timing.cached = family.cached;
  timing.implementation = implementation_of(*rows.front());
  timing.source = rows.front()->source;
  timing.rows = static_cast<int>(rows.size());
  timing.parameters = fit(rows, chip, search, settings.starts, settings.seed);

  std::vector<Seconds> measured;
  for (const Measurement* row : rows) measured.push_back(row->time);
  out.unseen = unseen_times(rows, chip, search, settings);
  if (std::ranges::find(out.unseen, Seconds{}) == out.unseen.end())  // else all rows are of one shape
    timing.held_out = error_of(out.unseen, measured);
  return out;
}

}  // namespace

KernelFamily family_of(const Measurement& row) {
  for (const Kernel& kernel : row.kernels)
    if (kernel.kind != Kernel::Kind::vector) return family_of(kernel);
  return {};
}

Seconds time_of(const Measurement& row, const TimingParameters& parameters, const Chip& chip, double cores) {
  const bool fused = family_of(row).form != KernelFamily::Form::vector;
  Seconds sum;
  for (const Kernel& kernel : row.kernels) {
    if (fused && kernel.kind == Kernel::Kind::vector)
      sum += kernel.bytes / (parameters.elementwise_efficiency * chip.memory_bandwidth->value);
    else
      sum += time_of(kernel, parameters, rates_of(chip, kernel, cores), Load::brief).time;
  }
  return sum;
}

std::vector<CalibratedFamily> calibrate(std::span<const Measurement> rows, const Chip& chip,
                                        const CalibrationSettings& settings) {
  if (!chip.cores)
    throw std::invalid_argument("chip '" + chip.name + "' has no cores, which its timings need");
  std::map<std::pair<KernelFamily, std::string>, std::vector<std::size_t>> families;
  for (std::size_t i = 0; i < rows.size(); ++i)
    families[{family_of(rows[i]), implementation_of(rows[i])}].push_back(i);
  std::vector<CalibratedFamily> out;
  for (const auto& [key, indices] : families) {
    Rows of_family;
    for (const std::size_t i : indices) of_family.push_back(&rows[i]);
    out.push_back(calibrated(key.first, of_family, chip, settings));
    out.back().rows = indices;
  }
  std::ranges::stable_sort(out, [](const auto& a, const auto& b) { return a.timing.rows > b.timing.rows; });
  return out;
}

PredictionError error_of(std::span<const Seconds> predicted, std::span<const Seconds> measured) {
  if (predicted.size() != measured.size())
    throw std::invalid_argument("as many predictions as measurements, and at least one");
  std::vector<double> ratios;
  Seconds off, all;
  for (std::size_t i = 0; i < predicted.size(); ++i) {
    ratios.push_back(predicted[i] / measured[i]);
    off += std::max(predicted[i], measured[i]) - std::min(predicted[i], measured[i]);
    all += measured[i];
  }
  PredictionError error = error_of(ratios);
  error.weighted = off / all;
  return error;
}

PredictionError error_of(std::span<const double> ratios) {
  if (ratios.empty()) throw std::invalid_argument("as many predictions as measurements, and at least one");
  std::vector<double> errors;
  double sum = 0;
  for (const double ratio : ratios) {
    errors.push_back(std::abs(ratio - 1));
    sum += errors.back();
  }
  std::ranges::sort(errors);
  const auto quantile = [&](double q) {  // linear between order statistics
    const double at = q * static_cast<double>(errors.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const std::size_t above = std::min(below + 1, errors.size() - 1);
    return errors[below] + (at - static_cast<double>(below)) * (errors[above] - errors[below]);
  };
  const double mean = sum / static_cast<double>(errors.size());
  return {quantile(0.5), mean, quantile(0.9), mean};
}

}  // namespace superpod::models
