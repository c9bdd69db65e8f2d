#include "scenarios/calibration/calibration.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <stdexcept>

#include "models/calibration/parameters.hpp"
#include "scenarios/tables/kernel_table.hpp"
#include "scenarios/text/entry.hpp"
#include "scenarios/text/parameters.hpp"

namespace superpod::scenarios {
namespace {

using models::Chip;
using models::Measurement;
using models::PredictionError;

/// Rows of all tables; their source becomes the word of the catalogue's list, where the table has one.
std::vector<Measurement> read_tables(const CalibrationRequest& request, const Library& library,
                                     std::map<std::string, int>& unread) {
  Mistakes mistakes;
  const auto sources = library.sources(mistakes);
  std::vector<Measurement> all;
  for (const std::string& path : request.tables) {
    KernelTable table = read_kernel_table(path, mistakes, request.chip);
    const std::string word = std::filesystem::path{path}.stem().string();
    for (Measurement& row : table.rows) {
      if (sources.contains(word)) row.source = word;
      all.push_back(std::move(row));
    }
    for (const auto& [line, why] : table.unread) ++unread[why];
  }
  require_none(mistakes);
  std::erase_if(all, [&](const Measurement& row) {
    const bool other_routing =
        !request.routing.empty() && !row.routing.empty() && row.routing != request.routing;
    const bool other_library = !request.implementation.empty() &&
                               row.implementation.find(request.implementation) == std::string::npos;
    const bool other_caches = !request.caches.empty() && value_text(row.caches) != request.caches;
    return other_routing || other_library || other_caches;
  });
  return all;
}

std::string chip_of(const CalibrationRequest& request, const std::vector<Measurement>& rows) {
  std::set<std::string> known;
  for (const Measurement& row : rows) known.insert(row.device);
  if (known.empty()) refuse("no row of these tables can be used", "superpod validate --table says why");
  std::string names;
  for (const std::string& name : known) names += (names.empty() ? "" : ", ") + name;
  if (!request.chip.empty()) {
    if (!known.contains(request.chip)) refuse("no row is about the chip " + in_quotes(request.chip), names);
    return request.chip;
  }
  if (known.size() > 1) refuse("the tables are about several chips", "choose one with --chip: " + names);
  return *known.begin();
}

/// How these parameters predict rows of the same family on other chips.
std::vector<std::pair<std::string, PredictionError>> transfer_of(
    const models::FamilyTiming& timing, const std::map<std::string, std::vector<Measurement>>& by_chip,
    const std::string& own, const Library& library) {
  std::vector<std::pair<std::string, PredictionError>> out;
  for (const auto& [name, rows] : by_chip) {
    if (name == own) continue;
    const Chip chip = entry_named<Chip>(name, library);
    if (!chip.cores) continue;
    std::vector<Seconds> predicted, measured;
    for (const Measurement& row : rows) {
      if (family_of(row) != timing.family()) continue;
      predicted.push_back(time_of(row, timing.parameters, chip, chip.cores->value));
      measured.push_back(row.time);
    }
    if (!predicted.empty()) out.emplace_back(name, models::error_of(predicted, measured));
  }
  return out;
}

/// The mean over other chips: what a chip that nobody measured may expect.
std::optional<PredictionError> mean_of(const std::vector<std::pair<std::string, PredictionError>>& transfer) {
  if (transfer.empty()) return std::nullopt;
  PredictionError sum;
  const auto count = static_cast<double>(transfer.size());
  for (const auto& [chip, error] : transfer) {
    sum.median += error.median / count;
    sum.mean += error.mean / count;
    sum.p90 += error.p90 / count;
    sum.weighted += error.weighted / count;
  }
  return sum;
}

/// Vector kernels, from those that were measured together with the GEMMs of one family: quantisation of their
/// inputs by blocks, one pass over them. Each of a row's kernels gets an equal part of its launch.
void add_vector_family(Calibration& calibration) {
  for (const Calibration::Family& family : calibration.families) {
    const models::FamilyTiming& measured = family.fitted.timing;
    const std::size_t kernels = family.rows.front().kernels.size();
    if (measured.form != models::KernelFamily::Form::gemm || measured.scaling != models::Scaling::block ||
        kernels < 2)
      continue;
    Calibration::Family vector = family;
    models::FamilyTiming& timing = vector.fitted.timing;
    timing.form = models::KernelFamily::Form::vector;
    timing.precision = timing.cached = models::Precision::fp32;
    timing.scaling = models::Scaling::none;
    timing.note = "quantisation of inputs, measured with " + text(measured.family());
    timing.parameters = {};
    timing.parameters.launch = measured.parameters.launch / static_cast<double>(kernels);
    timing.parameters.memory_efficiency = measured.parameters.elementwise_efficiency;
    calibration.families.push_back(std::move(vector));
    return;
  }
}

}  // namespace

Calibration calibrate(const CalibrationRequest& request, const Library& library) {
  std::map<std::string, int> unread;
  std::map<std::string, std::vector<Measurement>> by_chip;
  std::vector<Measurement> all = read_tables(request, library, unread);
  Calibration out;
  out.chip_name = chip_of(request, all);
  out.chip = entry_named<Chip>(out.chip_name, library);
  out.unread.assign(unread.begin(), unread.end());
  for (Measurement& row : all) by_chip[row.device].push_back(std::move(row));

  models::KernelTimings similar;
  models::CalibrationSettings settings = request.settings;
  if (!request.like.empty()) {
    similar = entry_named<models::KernelTimings>(request.like, library);
    settings.like = &similar;
  }
  const std::vector<Measurement>& rows = by_chip.at(out.chip_name);
  for (models::CalibratedFamily& fitted : models::calibrate(rows, out.chip, settings)) {
    Calibration::Family family;
    for (const std::size_t i : fitted.rows) family.rows.push_back(rows[i]);
    family.transfer = transfer_of(fitted.timing, by_chip, out.chip_name, library);
    fitted.timing.transfer = mean_of(family.transfer);
    family.fitted = std::move(fitted);
    out.families.push_back(std::move(family));
  }
  add_vector_family(out);
  return out;
}

}  // namespace superpod::scenarios
