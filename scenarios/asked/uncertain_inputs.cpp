#include "scenarios/asked/uncertain_inputs.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "models/hardware/kernel_time.hpp"
#include "sim/values/quantity_text.hpp"

namespace superpod::scenarios {
namespace {

using models::Factors;
using models::UncertainInput;

const std::string system_path = "system";
const std::string kernels_path = "system.chip.timings";

/// What a figure is to the input that stands for it.
struct Role {
  std::string input;
  bool scaled = true;  ///< else it lends its grade only: scaling it would be the same once more
};

Role role_of(const std::string& path) {
  const auto dot = path.rfind('.');
  const std::string around = path.substr(0, dot == std::string::npos ? 0 : dot);
  const std::string key = path.substr(dot == std::string::npos ? 0 : dot + 1);
  if (key == "trunk" || key == "local" || key == "global") return {joined(around, "bandwidth")};
  if (key == "efficiency") return {joined(around, "bandwidth"), false};
  if (key == "matrix_efficiency") return {joined(around, "peak"), false};
  if (key == "memory_efficiency") return {joined(around, "memory_bandwidth"), false};
  if (around.ends_with("peak")) return {around};
  return {path};
}

/// The figures of one input.
struct Group {
  std::string path;
  Grade grade = Grade::measured;
  std::vector<const FigureAccess*> scaled;
};

std::vector<Group> groups_of(const std::vector<FigureAccess>& figures) {
  std::vector<Group> groups;
  for (const FigureAccess& figure : figures) {
    if (figure.value == 0) continue;
    const auto [input, scaled] = role_of(figure.path);
    auto at = std::ranges::find(groups, input, &Group::path);
    if (at == groups.end()) at = groups.insert(groups.end(), {input, figure.grade, {}});
    at->grade = std::max(at->grade, figure.grade);
    if (scaled) at->scaled.push_back(&figure);
  }
  std::erase_if(groups, [](const Group& group) { return group.scaled.empty(); });
  return groups;
}

/// `-14.5 %`, `+17.0 %`
std::string change_text(double factor) { return (factor < 1 ? "" : "+") + percent_text(factor - 1); }

/// The one figure at this factor; of several what changes.
std::string words(const Group& group, double factor) {
  if (group.scaled.size() > 1) return factor == 1 ? "as given" : change_text(factor);
  const FigureAccess& figure = *group.scaled.front();
  const double value = factor * figure.value;
  return figure.dimension ? text(value, *figure.dimension) : rounded_text(value);
}

bool is_of_time(const std::string& path) {
  constexpr std::array unused{"memory",    "cache", "cache_bandwidth", "clock", "scale_up",
                              "scale_out", "power"};
  const std::string chip = joined(system_path, "chip.");
  if (path.starts_with(chip)) return std::ranges::find(unused, path.substr(chip.size())) == unused.end();
  return path.starts_with(joined(system_path, "networks.")) ||
         path == joined(system_path, "endpoint_latency");
}

bool was_measured(const models::Chip& chip) {
  return std::ranges::any_of(chip.timings, [&](const auto& entry) { return entry.value.name == chip.name; });
}

/// 1 + the mean error that the time of products is expected to have.
double kernel_error(const models::Chip& chip) {
  if (chip.timings.empty()) return 1;
  return chip.matrix_efficiency.value / models::with_kernels_off(chip, 1).matrix_efficiency.value;
}

/// The time of all kernels, if its error is known.
std::optional<UncertainInput> kernels_input(const models::Chip& chip,
                                            const models::Uncertainty& uncertainty) {
  constexpr double mean_to_90_percent = 1.645 * 1.2533;  // sqrt(pi / 2) mean absolute errors are one sigma
  const double error = kernel_error(chip);
  const auto own = uncertainty.inputs.find(kernels_path);
  const double high = own == uncertainty.inputs.end() ? std::pow(error, mean_to_90_percent) : 1 + own->second;
  if (high == 1 || error == 1) return std::nullopt;
  const std::string errors = rounded_text(std::log(high) / std::log(error)) + " of their expected errors";
  UncertainInput input;
  input.path = kernels_path, input.value = "as fitted", input.grade = Grade::derived;
  input.low = 1 / high, input.high = high;
  input.low_value = "faster by " + errors, input.high_value = "slower by " + errors;
  return input;
}

}  // namespace

std::vector<UncertainInput> uncertain_inputs(const std::vector<FigureAccess>& figures,
                                             const models::Uncertainty& uncertainty) {
  std::vector<UncertainInput> inputs;
  for (const Group& group : groups_of(figures)) {
    const double width = models::width(uncertainty, group.path, group.grade);
    if (width == 0) continue;
    UncertainInput input;
    input.path = group.path, input.grade = group.grade;
    for (const FigureAccess* figure : group.scaled)
      input.most = std::min(input.most, figure->range.high / figure->value);
    input.low = 1 / (1 + width), input.high = std::min(1 + width, input.most);
    input.value = words(group, 1);
    input.low_value = words(group, input.low), input.high_value = words(group, input.high);
    inputs.push_back(std::move(input));
  }
  return inputs;
}

void scale(const std::vector<FigureAccess>& figures, std::span<const UncertainInput> inputs,
           const Factors& factors) {
  for (const FigureAccess& figure : figures) {
    const auto [input, scaled] = role_of(figure.path);
    const auto at = std::ranges::find(inputs, input, &UncertainInput::path);
    if (scaled && at != inputs.end())
      figure.set(figure.value * factors[static_cast<std::size_t>(at - inputs.begin())]);
  }
}

std::vector<UncertainInput> system_inputs(const models::System& system,
                                          const models::Uncertainty& uncertainty) {
  models::System own = system;
  const models::Chip& chip = system.chip.value;
  std::vector<FigureAccess> of_time = figures(own, system_path);
  const bool fit_says_it = was_measured(chip);
  std::erase_if(of_time, [&](const FigureAccess& figure) {
    const bool of_chip = figure.path.starts_with(joined(system_path, "chip."));
    const bool by_fit = !chip.timings.empty() && figure.path.ends_with("_efficiency");
    return !is_of_time(figure.path) || (of_chip && (fit_says_it || by_fit));
  });
  auto inputs = uncertain_inputs(of_time, uncertainty);
  if (auto kernels = kernels_input(chip, uncertainty)) inputs.push_back(std::move(*kernels));
  return inputs;
}

std::vector<std::string> input_paths(const models::System& system,
                                     const std::optional<models::Reliability>& reliability) {
  std::vector<std::string> paths;
  for (const UncertainInput& input : system_inputs(system, {})) paths.push_back(input.path);
  if (reliability)
    for (const UncertainInput& input : uncertain_inputs(*reliability, "reliability", {}))
      paths.push_back(input.path);
  return paths;
}

models::System with_factors(const models::System& system, std::span<const UncertainInput> inputs,
                            const Factors& factors) {
  models::System off = system;
  scale(figures(off, system_path), inputs, factors);
  const auto kernels = std::ranges::find(inputs, kernels_path, &UncertainInput::path);
  if (kernels == inputs.end()) return off;
  const double factor = factors[static_cast<std::size_t>(kernels - inputs.begin())];
  if (factor != 1) {
    const double sigmas = std::log(factor) / std::log(kernel_error(off.chip.value));
    off.chip.value = models::with_kernels_off(off.chip.value, sigmas);
  }
  return off;
}

}  // namespace superpod::scenarios
