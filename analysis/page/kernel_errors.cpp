#include "analysis/page/kernel_errors.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace superpod::analysis {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

bool is_time(Seconds time) { return std::isfinite(time.in(unit::s)) && time > Seconds{}; }

/// The value that `rank` others precede.
double ranked(std::vector<double>& values, std::size_t rank) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

}  // namespace

bool is_comparable(const KernelPoint& point) {
  return is_time(point.measured) && is_time(point.predicted) && std::isfinite(ratio(point)) &&
         ratio(point) > 0;
}

double ratio(const KernelPoint& point) { return point.predicted / point.measured; }

double error(const KernelPoint& point) { return std::abs(ratio(point) - 1); }

std::vector<const KernelPoint*> comparable(const KernelGroup& group) {
  std::vector<const KernelPoint*> out;
  for (const KernelPoint& point : group.points)
    if (is_comparable(point)) out.push_back(&point);
  return out;
}

std::vector<const KernelPoint*> worst(const KernelGroup& group, std::size_t most) {
  std::vector<const KernelPoint*> out = comparable(group);
  std::ranges::stable_sort(out, std::ranges::greater{},
                           [](const KernelPoint* point) { return error(*point); });
  out.resize(std::min(most, out.size()));
  return out;
}

double quantile(std::vector<double> values, double share) {
  if (values.empty()) return nothing;
  const double above = std::ceil(share * static_cast<double>(values.size()));
  return ranked(values, std::min(values.size(), static_cast<std::size_t>(std::max(1.0, above))) - 1);
}

double median(std::vector<double> values) {
  if (values.empty()) return nothing;
  const std::size_t size = values.size();
  return (ranked(values, (size - 1) / 2) + ranked(values, size / 2)) / 2;
}

double share_within(std::span<const double> values, double limit) {
  if (values.empty()) return nothing;
  const auto within = std::ranges::count_if(values, [=](double value) { return value <= limit; });
  return static_cast<double>(within) / static_cast<double>(values.size());
}

}  // namespace superpod::analysis
