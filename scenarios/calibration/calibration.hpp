/// `superpod calibrate`: tables of measured kernels in, an entry of the catalogue out.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "models/calibration/calibrate.hpp"
#include "models/hardware/chip.hpp"
#include "models/kernels/measurement.hpp"
#include "scenarios/text/library.hpp"

namespace superpod::scenarios {

struct CalibrationRequest {
  std::vector<std::string> tables;  ///< CSV files
  std::string chip;                 ///< catalogue name; may be empty when the tables know only one
  std::string routing, implementation, caches;  ///< only such rows, when given; caches: cold, warm or unknown
  std::string like;                             ///< timings of a similar chip, a catalogue name; may be empty
  models::CalibrationSettings settings;
};

struct Calibration {
  struct Family {
    models::CalibratedFamily fitted;
    std::vector<models::Measurement> rows;
    /// Of these parameters on other chips of the tables, each with its own peaks.
    std::vector<std::pair<std::string, models::PredictionError>> transfer;
  };

  std::string chip_name;
  models::Chip chip;
  std::vector<Family> families;
  std::vector<std::pair<std::string, int>> unread;  ///< why, and how many rows
};

/// Throws ScenarioError for wrong tables, an unknown chip, and rows of several chips when none is named.
Calibration calibrate(const CalibrationRequest& request, const Library& library);

/// Errors and parameters as an aligned table.
std::string text(const Calibration& calibration);

/// A page of rooflines and residuals, with each row predicted by the fit that had not seen its shape.
std::string page(const Calibration& calibration);

/// An entry for `library/timings`.
std::string yaml(const Calibration& calibration);

/// One JSON object: `chip`, `families` with `rows`, `median_error`, `mean_error`, `p90_error`, `transfer`.
std::string json(const Calibration& calibration);

}  // namespace superpod::scenarios
