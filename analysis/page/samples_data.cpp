#include "analysis/page/samples_data.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "analysis/page/columns.hpp"
#include "analysis/page/figure_text.hpp"
#include "analysis/page/html.hpp"
#include "analysis/page/script_list.hpp"

namespace superpod::analysis {
namespace {

/// The value below which a share of the sorted values lies, between neighbours by linear interpolation.
double quantile_of(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  if (below + 1 == sorted.size()) return sorted.back();
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[below + 1] - sorted[below]);
}

/// Bins of equal width that is round (1, 2 or 5 times a power of ten) in the unit of the axis, between 12 and
/// 30 of them.
void fill_bins(const std::vector<double>& sorted, Sampled& out) {
  constexpr double fewest = 12;
  const double unit = out.scale.divisor, rough = (sorted.back() - sorted.front()) / unit / fewest;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double step : {1.0, 2.0, 5.0})
    if (step * power <= rough) out.width = step * power * unit;
  out.from = std::floor(sorted.front() / out.width) * out.width;
  out.counts.resize(static_cast<std::size_t>((sorted.back() - out.from) / out.width) + 1);
  for (const double value : sorted)
    ++out.counts[std::min(static_cast<std::size_t>((value - out.from) / out.width), out.counts.size() - 1)];
}

}  // namespace

std::vector<Sampled> sampled(const Result& result) {
  const Table* table = result.shown_as(View::samples);
  std::vector<Sampled> out;
  if (table == nullptr) return out;
  for (const Column& column : table->columns) {
    std::vector<double> sorted = numbers(column);
    std::erase_if(sorted, [](double value) { return !std::isfinite(value); });
    std::ranges::sort(sorted);
    if (sorted.empty() || !(sorted.back() > sorted.front()) || column.name == table->dimension) continue;
    const Figure* figure = result.figure(column.name);
    Sampled one;
    one.title = label(column);
    one.answer = figure == nullptr ? std::numeric_limits<double>::quiet_NaN() : figure->value;
    one.low = quantile_of(sorted, .05), one.median = quantile_of(sorted, .5),
    one.high = quantile_of(sorted, .95);
    one.scale = scale_of(std::array{sorted.front(), sorted.back()}, column.unit);
    fill_bins(sorted, one);
    out.push_back(std::move(one));
  }
  return out;
}

std::string samples_data(const Result& result) {
  std::string out = "[";
  for (const Sampled& one : sampled(result)) {
    const auto number = [&](double value) { return script_number(value / one.scale.divisor); };
    out += (out.size() > 1 ? ",\n" : "") + std::string{"{\"title\":"} + script_string(one.title) +
           ",\"unit\":" + script_string(one.scale.unit) +
           ",\"decimals\":" + std::to_string(one.scale.decimals) + ",\"from\":" + number(one.from) +
           ",\"width\":" + number(one.width) + ",\"counts\":" + list(one.counts) +
           ",\"answer\":" + number(one.answer) + ",\"low\":" + number(one.low) +
           ",\"median\":" + number(one.median) + ",\"high\":" + number(one.high) + "}";
  }
  return out + "]";
}

}  // namespace superpod::analysis
