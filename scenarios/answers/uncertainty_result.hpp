/// How sure an answer is, in a result.
#pragma once

#include <string>
#include <vector>

#include "analysis/result.hpp"
#include "models/uncertainty/uncertainty.hpp"

namespace superpod::scenarios {

/// A study, and what its inputs and figures are called.
struct UncertainAnswer {
  std::vector<models::UncertainInput> inputs;
  std::vector<std::string> figures;  ///< [figure] keys of the result's figures
  std::string of;                    ///< which of them the tornado is about
  models::Study study;
};

/// Gives the figures that were studied their intervals, in proportion to the study's own base, and adds the
/// tables `tornado` and `samples`, the figures `uncertainty.*`, and a sentence in the verdict. 90 % of the
/// samples lie in an interval.
void add_uncertainty(const UncertainAnswer& answer, analysis::Result& result);

/// Gives the figures `keys`, which are in inverse proportion to the figure `to`, the interval that follows
/// from its own.
void add_inverse_intervals(const std::string& to, const std::vector<std::string>& keys,
                           analysis::Result& result);

}  // namespace superpod::scenarios
