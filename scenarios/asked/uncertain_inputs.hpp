/// Which figures of a described value may be off, and the value with some of them off.
///
/// The walk is that of sim/values/describe.hpp: every quantity and share with a grade is found by its type.
/// Words and counts are left out.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "models/hardware/entry.hpp"
#include "models/hardware/system.hpp"
#include "models/lifetime/reliability.hpp"
#include "models/uncertainty/uncertainty.hpp"
#include "scenarios/text/parameters.hpp"
#include "sim/values/describe.hpp"
#include "sim/values/quantity_text.hpp"
#include "sim/values/sourced.hpp"

namespace superpod::scenarios {

/// A figure within a value that lives on.
struct FigureAccess {
  std::string path;  ///< `system.networks.UBoE.bandwidth`
  Grade grade = Grade::assumed;
  double value = 0;  ///< in base units
  Range range;
  const Dimension* dimension = nullptr;  ///< null: a number
  std::function<void(double)> set;       ///< in base units
};

/// Collects the figures of one type of value after another; what has none is passed over.
struct FigureWalk {
  std::vector<FigureAccess> found;

  template <TextQuantity Q>
  void visit(Sourced<Q>& figure, const std::string& path, const Range& range) {
    found.push_back({path, figure.grade, figure.value.in(Q{1}), range, &dimension<Q>(),
                     [&figure](double value) { figure.value = Q{value}; }});
  }
  void visit(Sourced<double>& figure, const std::string& path, const Range& range) {
    found.push_back({path, figure.grade, figure.value, range, nullptr,
                     [&figure](double value) { figure.value = value; }});
  }
  template <class T>
  void visit(std::optional<T>& value, const std::string& path, const Range& range) {
    if (value) visit(*value, path, range);
  }
  template <class T>
  void visit(std::vector<T>& list, const std::string& path, const Range& range) {
    if constexpr (!Leaf<T>)
      for (std::size_t i = 0; i < list.size(); ++i)
        visit(list[i], joined(path, name_or_index(list[i], i)), range);
  }
  template <class T>
  void visit(std::map<std::string, T>& map, const std::string& path, const Range& range) {
    for (auto& [key, value] : map) visit(value, joined(path, key), range);
  }
  template <class... T>
  void visit(std::variant<T...>& value, const std::string& path, const Range& range) {
    std::visit([&](auto& chosen) { visit(chosen, path, range); }, value);
  }
  template <class T>
  void visit(models::Entry<T>& entry, const std::string& path, const Range& range) {
    visit(entry.value, path, range);
  }
  template <class T>
  void visit(T& value, const std::string& path, const Range&) {
    if constexpr (Described<T>)
      for_each_field<T>(
          [&](const auto& field) { visit(value.*field.member, joined(path, field.name), field.range); });
  }
};

template <Described T>
std::vector<FigureAccess> figures(T& value, const std::string& path) {
  FigureWalk walk;
  walk.visit(value, path, anything);
  return std::move(walk.found);
}

/// An input for each figure that is not 0 and whose width is not. What stands for one thing is one input: the
/// bandwidths of a network, and the share of them that payload gets; the peaks of a chip, and the share that
/// kernels get; likewise its memory. Such an input has the worst grade among these.
std::vector<models::UncertainInput> uncertain_inputs(const std::vector<FigureAccess>& figures,
                                                     const models::Uncertainty& uncertainty);

template <Described T>
std::vector<models::UncertainInput> uncertain_inputs(T value, const std::string& path,
                                                     const models::Uncertainty& uncertainty) {
  return uncertain_inputs(figures(value, path), uncertainty);
}

/// Multiplies the figures that each input stands for; inputs of other values are passed over.
void scale(const std::vector<FigureAccess>& figures, std::span<const models::UncertainInput> inputs,
           const models::Factors& factors);

template <Described T>
T with_factors(T value, const std::string& path, std::span<const models::UncertainInput> inputs,
               const models::Factors& factors) {
  scale(figures(value, path), inputs, factors);
  return value;
}

/// Paths of all inputs of a training that may be off: of its system, and of its reliability where that
/// counts.
std::vector<std::string> input_paths(const models::System& system,
                                     const std::optional<models::Reliability>& reliability);

/// What the times of a system's work depend on: its networks, its chip, and how well the times of kernels are
/// known. Where the chip itself was measured, its peaks and its memory are part of what the error of that fit
/// says, and no inputs. `system.chip.timings` is the time of all kernels: its width is 2.06 times the mean
/// error that the products of matrices are expected to have, which is 90 % of a normal distribution; each
/// other kernel follows in proportion to its own.
std::vector<models::UncertainInput> system_inputs(const models::System& system,
                                                  const models::Uncertainty& uncertainty);

/// The system with these factors.
models::System with_factors(const models::System& system, std::span<const models::UncertainInput> inputs,
                            const models::Factors& factors);

}  // namespace superpod::scenarios
