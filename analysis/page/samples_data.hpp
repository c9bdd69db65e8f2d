#pragma once

#include <string>
#include <vector>

#include "analysis/page/quantity.hpp"
#include "analysis/result.hpp"

namespace superpod::analysis {

/// How one figure came out in the samples.
struct Sampled {
  std::string title;
  Scale scale;
  double answer = 0;                     ///< the figure itself; NaN when the result has none of that key
  double low = 0, median = 0, high = 0;  ///< 5, 50 and 95 % of the samples lie below
  double from = 0, width = 0;            ///< of the first bin, in base units
  std::vector<double> counts;            ///< [bin]
};

/// The columns of the table `samples` that hold two or more finite numbers which differ.
std::vector<Sampled> sampled(const Result& result);

/// `[{"title", "unit", "decimals", "from", "width", "counts", "answer", "low", "median", "high"}, ...]`, in
/// the unit of each figure.
std::string samples_data(const Result& result);

}  // namespace superpod::analysis
