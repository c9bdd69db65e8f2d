#include "analysis/page/roofline_plot.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>

#include "analysis/page/html.hpp"
#include "analysis/page/kernel_errors.hpp"
#include "analysis/page/plot.hpp"
#include "analysis/page/quantity.hpp"

namespace superpod::analysis {
namespace {

using Area = PlotArea;

/// The rows as a plot shows them: what they do for each byte (or how much they move), and how fast.
struct Rates {
  std::vector<double> x, measured, predicted;
  std::size_t left_out = 0;
  bool of_memory = false;  ///< B/s over B, where no row has FLOP
};

bool is_amount(double value) { return std::isfinite(value) && value > 0; }

Rates rates_of(const KernelGroup& group) {
  const std::vector<const KernelPoint*> points = comparable(group);
  Rates out;
  out.of_memory =
      std::ranges::none_of(points, [](const KernelPoint* point) { return is_amount(point->flops); });
  for (const KernelPoint* point : points) {
    const double work = out.of_memory ? point->bytes : point->flops;
    const double x = out.of_memory ? point->bytes : point->flops / point->bytes;
    const double measured = work / point->measured.in(unit::s),
                 predicted = work / point->predicted.in(unit::s);
    if (!is_amount(point->bytes) || !is_amount(x) || !is_amount(measured) || !is_amount(predicted)) continue;
    out.x.push_back(x);
    out.measured.push_back(measured);
    out.predicted.push_back(predicted);
  }
  out.left_out = points.size() - out.x.size();
  return out;
}

/// Over intensity the roof of the chip; over bytes that of its memory alone.
double roof_at(const Rates& rates, const Roof& roof, double x) {
  if (!rates.of_memory) return roof.at(x);
  return roof.bandwidth > 0 ? roof.bandwidth : std::numeric_limits<double>::infinity();
}

struct Axes {
  LogAxis x, y;
};

/// All rows, the ridge where it is near them, and the roof with room for its name above.
Axes axes_of(const Rates& rates, const Roof& roof) {
  constexpr double near = 10, above_ridge = 3, headroom = 2;
  std::vector<double> x = rates.x, y = rates.measured;
  const double ridge = rates.of_memory ? 0 : roof.ridge();
  const auto [least, most] = std::ranges::minmax(rates.x);
  if (ridge > 0 && ridge < near * most && ridge > least / near) x.push_back(above_ridge * ridge);
  const LogAxis across = axis_of(x, Area::left, Area::right);
  y.insert(y.end(), rates.predicted.begin(), rates.predicted.end());
  for (const double end : {across.low, across.high})
    if (const double top = roof_at(rates, roof, end); std::isfinite(top))
      y.insert(y.end(), {top, headroom * top});
  return {across, axis_of(y, Area::bottom, Area::top)};
}

/// `1 T`, `10 G`: a round number of `unit` with its prefix alone.
std::string prefixed(double value, const std::string& unit) {
  std::string text = quantity(value, unit);
  text.erase(text.size() - unit.size());
  if (text.ends_with("\u00A0")) text.erase(text.size() - 2);
  return text;
}

std::string plain(double value) {
  const int decimals = value < 1 ? static_cast<int>(std::ceil(-std::log10(value) - 1e-9)) : 0;
  return digits(value, {1, decimals, ""});
}

std::string axes(const Rates& rates, const Axes& at) {
  const std::string unit = rates.of_memory ? "B/s" : "FLOP/s";
  Labels across, up;
  for (const double value : ticks(at.x))
    across.emplace_back(value, rates.of_memory ? quantity(value, "B") : plain(value));
  for (const double value : ticks(at.y)) up.emplace_back(value, prefixed(value, unit));
  return axes_markup(at.x, across, rates.of_memory ? "bytes moved" : "FLOP for each byte of memory", at.y, up,
                     "achieved " + unit);
}

/// Peaks of chips are compared in TFLOP/s, however large.
std::string peak_text(const Roof& roof) {
  constexpr double tera = 1e12;
  const Scale in_tera{tera, 1, "TFLOP/s"};
  return (roof.peak >= tera ? quantity(roof.peak, in_tera) : quantity(roof.peak, "FLOP/s")) + " peak";
}

/// The roof with the names of its two parts; where the slope is too short for its name, the caption has it.
std::string roof_markup(const Rates& rates, const Roof& roof, const Axes& at) {
  constexpr double letter = 6.2, apart = 5, margin = 16, level = 0.5;  // letters of 12 units
  const auto spot = [&](double x) { return Spot{at.x.at(x), at.y.at(roof_at(rates, roof, x))}; };
  if (!std::isfinite(roof_at(rates, roof, at.x.low))) return "";
  std::vector<Spot> corners{spot(at.x.low)};
  const double ridge = rates.of_memory ? 0 : roof.ridge();
  if (ridge > at.x.low && ridge < at.x.high) corners.push_back(spot(ridge));
  corners.push_back(spot(at.x.high));
  std::string out = line(corners, "roof");
  const std::string memory = quantity(roof.bandwidth, "B/s") + " of memory";
  for (std::size_t i = 0; i + 1 < corners.size(); ++i) {
    const Spot from = corners[i], to = corners[i + 1];
    if (std::abs(from.y - to.y) < level) {
      out += label({to.x, to.y - apart}, rates.of_memory ? memory : peak_text(roof), "end");
    } else if (std::hypot(to.x - from.x, to.y - from.y) >
               letter * static_cast<double>(memory.size()) + margin) {
      const double slope = std::atan2(to.y - from.y, to.x - from.x);
      out += label(
          {(from.x + to.x) / 2 + apart * std::sin(slope), (from.y + to.y) / 2 - apart * std::cos(slope)},
          memory, "middle", slope * 180 / std::numbers::pi);
    }
  }
  return "<g class='roof-names'>" + out + "</g>";
}

std::vector<Spot> spots(const Rates& rates, const std::vector<double>& y, const Axes& at) {
  std::vector<Spot> out;
  for (std::size_t i = 0; i < y.size(); ++i) out.push_back({at.x.at(rates.x[i]), at.y.at(y[i])});
  return out;
}

/// `Roof: 4.8 TB/s of memory and 1,979 TFLOP/s peak, which meet at 412 FLOP/B.`
std::string roof_text(const Rates& rates, const Roof& roof) {
  const bool peak = roof.peak > 0 && !rates.of_memory, memory = roof.bandwidth > 0;
  if (!peak && !memory) return "The roof of this chip is not known.";
  std::string out = "Roof: ";
  if (memory) out += quantity(roof.bandwidth, "B/s") + " of memory";
  if (peak) out += (memory ? " and " : "") + peak_text(roof);
  if (peak && memory) out += ", which meet at " + quantity(roof.ridge(), {1, 0, ""}) + " FLOP/B";
  double best = 0;
  for (std::size_t i = 0; i < rates.x.size(); ++i)
    best = std::max(best, rates.measured[i] / roof_at(rates, roof, rates.x[i]));
  return out + ". The measured row nearest to it reaches " + digits(best, {0.01, 0, ""}) + "\u00A0%.";
}

std::string range(const std::vector<double>& values, const std::string& unit) {
  const auto [least, most] = std::ranges::minmax(values);
  return quantity(least, unit) + " to " + quantity(most, unit);
}

std::string alternative(const Rates& rates) {
  const std::string unit = rates.of_memory ? "B/s" : "FLOP/s";
  return "Roofline plot of " + quantity(static_cast<double>(rates.x.size()), "") + " rows with " +
         (rates.of_memory ? range(rates.x, "B") + " moved"
                          : quantity(std::ranges::min(rates.x), {1, 2, ""}) + " to " +
                                quantity(std::ranges::max(rates.x), {1, 0, ""}) + " FLOP/B") +
         ". Measured: " + range(rates.measured, unit) + ". Predicted: " + range(rates.predicted, unit) + ".";
}

std::string roofline_legend(bool with_roof) {
  return std::string{
             "<ul class='legend'><li><span class='key dot measured'></span>measured</li><li><span "
             "class='key dash predicted'></span>predicted</li>"} +
         (with_roof ? "<li><span class='key dash roof'></span>roof of the chip</li>" : "") + "</ul>";
}

}  // namespace

double Roof::at(double intensity) const {
  constexpr double unbounded = std::numeric_limits<double>::infinity();
  return std::min(peak > 0 ? peak : unbounded, bandwidth > 0 ? bandwidth * intensity : unbounded);
}

double Roof::ridge() const { return peak > 0 && bandwidth > 0 ? peak / bandwidth : 0; }

Roof roof_of(const KernelGroup& group) {
  return {is_amount(group.peak_flops) ? group.peak_flops : 0,
          is_amount(group.memory_bandwidth) ? group.memory_bandwidth : 0};
}

std::string roofline_plot(const KernelGroup& group) {
  const Rates rates = rates_of(group);
  if (rates.x.empty())
    return "<p class='lead'>No row tells its FLOP and bytes, so there is no roofline.</p>\n";
  const Roof roof = roof_of(group);
  const Axes at = axes_of(rates, roof);
  constexpr double wings = 4, thin = 1.3;  // a dash shows on both sides of a dot that lies on it
  const std::string roof_line = roof_markup(rates, roof, at), text = roof_text(rates, roof);
  const double dot = dot_size(rates.x.size());
  const std::string plot = axes(rates, at) +
                           dots(spots(rates, rates.predicted, at), "predicted", thin, dot + wings) +
                           dots(spots(rates, rates.measured, at), "measured", dot) + roof_line;
  return "<figure class='plotted'><h3>" + std::string{rates.of_memory ? "Memory bandwidth" : "Roofline"} +
         "</h3>" + roofline_legend(!roof_line.empty()) + drawing(alternative(rates) + " " + text, plot) +
         "<figcaption>" + html(text) +
         (rates.left_out == 0 ? ""
                              : " Not drawn: " + quantity(static_cast<double>(rates.left_out), "") +
                                    (rates.left_out == 1 ? " row" : " rows") + " without FLOP or bytes.") +
         "</figcaption></figure>\n";
}

}  // namespace superpod::analysis
