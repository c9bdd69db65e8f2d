/// Rows of a table of measured kernels, predicted by the chips of the catalogue.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/hardware/chip.hpp"
#include "models/hardware/kernel_time.hpp"
#include "models/kernels/measurement.hpp"
#include "scenarios/tables/kernel_table.hpp"
#include "scenarios/text/library.hpp"

namespace superpod::scenarios {

struct PredictedKernel {
  models::Measurement row;
  std::shared_ptr<const models::Chip> chip;
  models::TimingChoice choice;  ///< points into `chip`
  Seconds predicted;
  std::optional<std::pair<Seconds, Seconds>> interval;
};

/// Time of all kernels of a row, by the timing model that the catalogue chooses for its first matrix kernel:
/// the vector kernels beside it are fused (models/calibration/calibrate.hpp). Without such a timing each
/// kernel takes the time of its roofline.
///
/// The interval is that time x (1 -/+ e), with e the 90th percentile of the timing's error: on held-out
/// shapes where this very family was measured on this chip, else on other chips. None where that is not
/// known. Throws std::invalid_argument, with the catalogue key, when the chip lacks a figure.
PredictedKernel predicted(const models::Measurement& row, const std::shared_ptr<const models::Chip>& chip);

struct PredictedKernels {
  std::vector<PredictedKernel> rows;
  std::vector<KernelTable::Unread> unread;  ///< those of the table, and what cannot be predicted; by line
};

/// Throws ScenarioError when an entry of the catalogue has mistakes.
PredictedKernels predicted(const KernelTable& table, const Library& library,
                           const std::function<void(double)>& progress = {});

/// Whose kernels were measured: a chip, and the library that ran there; or `roofline`.
std::string basis(const models::TimingChoice& choice);

/// E.g. `128 x 7168 x 2048`, `8 x (16 x 4096 x 1536)`, `4 sequences, 128 heads, 1 of 4096 keys`.
std::string shape_text(const models::Measurement& row);

}  // namespace superpod::scenarios
