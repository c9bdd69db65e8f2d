/// Timing models fitted to tables of measured kernels.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/hardware/chip.hpp"
#include "models/kernels/measurement.hpp"
#include "models/kernels/timing.hpp"

namespace superpod::models {

/// What was measured in a row: the family of its first matrix kernel.
KernelFamily family_of(const Measurement& row);

/// Time of all kernels of a row. Vector kernels beside matrix kernels are fused with them: they cost their
/// traffic at `elementwise_efficiency` of the memory bandwidth, and no launch. The chip has `cores`.
Seconds time_of(const Measurement& row, const TimingParameters& parameters, const Chip& chip, double cores);

struct CalibrationSettings {
  int folds = 5;   ///< of the cross-validation
  int starts = 2;  ///< of the fit to all rows, the first of them the usual values
  std::uint64_t seed = 1;
  /// Timings of a similar chip: its values stay where a table is too short to tell.
  const KernelTimings* like = nullptr;
};

struct CalibratedFamily {
  FamilyTiming timing;            ///< fitted to all rows, with the error on held-out rows
  std::vector<std::size_t> rows;  ///< which of the measurements were of this family
  std::vector<Seconds>
      unseen;  ///< each row by a fit that did not see its shape; 0 where all are of one shape
};

/// Fits each family that the rows of one chip hold, each implementation by itself; what has most rows first.
/// Minimises sum of 2 s^2 (sqrt(1 + (r / s)^2) - 1) over
/// r = ln(predicted / measured), with s = 0.05: squares for small errors, absolute values for outliers.
/// Held out are whole groups: all rows of an (n, k) for GEMMs, of (sequences, heads, key heads) for
/// attention, of a size for vector kernels; where there is one group only, no error on unseen shapes is
/// known. A family with fewer rows than three times its parameters keeps the values of the similar chip, or
/// the usual ones, of those that it cannot tell.
/// Deterministic for one seed.
/// Throws std::invalid_argument, with the catalogue key, when the chip lacks a figure that a row needs, cores
/// among them.
std::vector<CalibratedFamily> calibrate(std::span<const Measurement> rows, const Chip& chip,
                                        const CalibrationSettings& settings = {});

/// Median, mean and 90th percentile of |predicted / measured - 1|.
PredictionError error_of(std::span<const Seconds> predicted, std::span<const Seconds> measured);

/// The same, of ratios predicted / measured of any quantity.
PredictionError error_of(std::span<const double> ratios);

}  // namespace superpod::models
