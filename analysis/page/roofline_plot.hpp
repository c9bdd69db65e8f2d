/// Measured and predicted rates of kernels under the roof of their chip.
#pragma once

#include <string>
#include <vector>

#include "analysis/page/kernel_report.hpp"

namespace superpod::analysis {

/// What a chip can do at most: min(peak, bandwidth * intensity), at `intensity` FLOP/B.
///
/// Source: Williams, Waterman & Patterson, "Roofline: an insightful visual performance model for multicore
///         architectures", CACM 52(4), 2009.
struct Roof {
  double peak = 0;       ///< FLOP/s; 0: unknown
  double bandwidth = 0;  ///< B/s; 0: unknown

  /// FLOP/s by what is known of the two; infinite when neither is.
  [[nodiscard]] double at(double intensity) const;

  /// FLOP/B from which the peak bounds, not the memory; 0 unless both are known.
  [[nodiscard]] double ridge() const;
};

Roof roof_of(const KernelGroup& group);

/// A figure: achieved FLOP/s over FLOP/B, measured and predicted, and the roof. Rows without FLOP or bytes
/// are counted below it. Where no row has FLOP (copies, quantisation): achieved B/s over bytes. Where no row
/// has bytes either: a sentence that says so.
std::string roofline_plot(const KernelGroup& group);

}  // namespace superpod::analysis
