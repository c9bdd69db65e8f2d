/// Rows of a table that are scenarios of their own: written as YAML, read with the catalogue, simulated.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/asked/scenario.hpp"
#include "scenarios/tables/dialect.hpp"
#include "scenarios/text/library.hpp"
#include "scenarios/validate/prediction.hpp"

namespace superpod::scenarios {

/// Why a row cannot be predicted, in `what()`.
struct Unpredictable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct SimulatedRow {
  Prediction prediction;               ///< all but what is predicted
  std::vector<std::string> scenarios;  ///< in YAML; the first that can run is what the row means
  std::vector<std::string> figures;    ///< of its result (analysis/result.hpp), added up: `step_time_s`
  double scale = 1;                    ///< of these, to the validation's unit
};

/// Throws Unpredictable.
using SimulatedDialect = std::function<SimulatedRow(const Cells&)>;

/// The predictions of a row, one a measure, all but their line. Throws Unpredictable.
using RowPredictor = std::function<std::vector<Prediction>(const Cells&, const std::function<void(double)>&)>;

/// Each row of `validation.table`, or why it cannot be predicted.
void predict_rows(Validation& validation, const RowPredictor& predictor,
                  const std::function<void(double)>& progress);

/// The first of the scenarios that can run. Throws Unpredictable with what is wrong with the last one.
ScenarioFile first_that_runs(const std::vector<std::string>& scenarios, const Library& library);

/// Reads, simulates and compares each row of `validation.table`; equal scenarios are simulated once.
void simulate_rows(Validation& validation, const SimulatedDialect& dialect, const Library& library,
                   const std::function<void(double)>& progress);

/// The whole number of a field, or `otherwise` where it is empty, `n/a` or no column of the table. Throws
/// Unpredictable for anything else.
int whole(const Cells& cells, std::string_view column, int otherwise = 1);

/// The number above 0 of a field. Throws Unpredictable.
double positive_number(const Cells& cells, std::string_view column);

/// `{base: dgx_h100_superpod, levels: {unit: {count: 1}, ...}}`: so many NPUs of a system of the catalogue,
/// as many as go evenly into the innermost level, then outward; `more` keys are added.
/// Throws Unpredictable for less than one, or when the system has not so many, ScenarioError when its entry
/// has mistakes.
std::string part_of(const std::string& system, int npus, const Library& library,
                    const std::string& more = {});

}  // namespace superpod::scenarios
