#include "analysis/page/difference.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>

#include "analysis/page/bar_markup.hpp"
#include "analysis/page/figure_text.hpp"

namespace superpod::analysis {
namespace {

constexpr double rounding = 1e-9;  // relative: figures that agree so far are equal

template <std::size_t N>
bool any_starts(std::string_view key, const std::array<std::string_view, N>& words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return key.starts_with(word); });
}

std::pair<double, double> ends(const Figure& figure) {
  return figure.interval ? *figure.interval : std::pair{figure.value, figure.value};
}

}  // namespace

Wanted wanted(const std::string& key) {
  constexpr std::array<std::string_view, 9> more{"tokens_per_s",  "throughput",       "mfu",
                                                 "hfu",           "goodput",          "algorithm_bandwidth",
                                                 "bus_bandwidth", "reliability.mtbf", "search.rank"};
  constexpr std::array<std::string_view, 19> less{
      "time_to_train",   "step_time", "time_s",        "ttft",         "tpot",
      "breakdown_s",     "power_w",   "energy",        "floor",        "cabinets",
      "optical_modules", "cables",    "purchase_cost", "running_cost", "cost",
      "delivery",        "lost",      "failures",      "slowdown"};
  if (any_starts(key, more)) return Wanted::more;
  if (any_starts(key, less) && key != "breakdown_s.compute") return Wanted::less;
  return Wanted::neither;
}

Difference difference(const Figure& a, const Figure& b) {
  Difference out;
  out.absolute = b.value - a.value;
  out.relative = a.value == 0 ? std::numeric_limits<double>::quiet_NaN() : b.value / a.value - 1;
  if (a.interval || b.interval) {
    const auto [a_low, a_high] = ends(a);
    const auto [b_low, b_high] = ends(b);
    out.interval = {b_low - a_high, b_high - a_low};
    out.sure = out.interval->first > 0 || out.interval->second < 0;
  }
  const bool equal = std::abs(out.absolute) <= rounding * std::max(std::abs(a.value), std::abs(b.value));
  const Wanted what = wanted(a.key);
  if (equal || what == Wanted::neither || !std::isfinite(out.absolute)) return out;
  out.better = (out.absolute > 0) == (what == Wanted::more) ? Better::b : Better::a;
  return out;
}

std::string text(const Difference& of, const Figure& a, const Figure& b) {
  if (!std::isfinite(of.absolute)) return "n/a";
  if (of.absolute == 0) return "0";
  return range_text({of.absolute, of.absolute}, std::abs(a.value) > std::abs(b.value) ? a : b);
}

std::string in_words(const Difference& of) {
  if (of.absolute == 0) return "equal";
  if (of.better == Better::neither) return of.absolute > 0 ? "more in B" : "less in B";
  const std::string which = of.better == Better::a ? "A" : "B";
  return of.sure ? which + " is better" : "perhaps " + which;
}

}  // namespace superpod::analysis
