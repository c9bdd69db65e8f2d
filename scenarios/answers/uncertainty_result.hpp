/// How sure an answer is, in a result.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/result.hpp"
#include "models/uncertainty/uncertainty.hpp"

namespace superpod::scenarios {

/// Figures of a training that are studied.
enum class Studied { step_time, goodput, effective_pace, time_to_train };

/// A study, and what its inputs and figures are.
struct UncertainAnswer {
  std::vector<models::UncertainInput> inputs;
  std::vector<Studied> figures;  ///< [figure] of the study; the tornado is about the last
  models::Study study;
};

/// Where the study has the figure, if it does.
std::optional<std::size_t> place_of(const UncertainAnswer& answer, Studied figure);

/// Between which 90 % of the samples of a figure lie, in proportion to the answer's `own` value.
std::pair<double, double> interval_of(const UncertainAnswer& answer, std::size_t place, double own);

/// Path of the input that the tornado's figure depends on most; none when it depends on none.
std::optional<std::string> widest_input(const UncertainAnswer& answer);

/// Gives the figure that stands there in the study its interval, and says in its meaning what that is.
void give_interval(const UncertainAnswer& answer, std::size_t place, analysis::Figure& figure);

/// The tables `tornado` and `samples`, and the figures `uncertainty.*`. `studied` [figure], with
/// their intervals.
void add_uncertainty(const UncertainAnswer& answer, const std::vector<analysis::Figure>& studied,
                     analysis::Result& result);

/// How sure the last of the figures is, and what it depends on, in sentences of the verdict.
std::string sentence(const UncertainAnswer& answer, const analysis::Figure& of);

}  // namespace superpod::scenarios
