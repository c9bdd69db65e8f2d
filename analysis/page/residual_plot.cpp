#include "analysis/page/residual_plot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <vector>

#include "analysis/page/html.hpp"
#include "analysis/page/kernel_errors.hpp"
#include "analysis/page/plot.hpp"
#include "analysis/page/quantity.hpp"

namespace superpod::analysis {
namespace {

using Area = PlotArea;
using Points = std::vector<const KernelPoint*>;

constexpr double drawn_share = 0.99;  // of the rows lie inside the axis
constexpr double tolerance = 0.1;     // of the two lines beside 1

/// From 1 / factor to factor, so that too short and too long weigh alike.
LogAxis ratio_axis(const Points& points) {
  std::vector<double> factors;
  for (const KernelPoint* point : points) factors.push_back(std::exp(std::abs(std::log(ratio(*point)))));
  const double most = quantile(factors, drawn_share);
  constexpr std::array ends{1.25, 1.6, 2.0, 3.0, 5.0, 10.0, 30.0, 100.0, 1000.0};
  const auto end = std::ranges::lower_bound(ends, most);
  const double factor = end == ends.end() ? ends.back() : *end;
  return {1 / factor, factor, Area::bottom, Area::top};
}

/// Labels from the most telling down, each where it does not touch one before it.
Labels ratio_labels(const LogAxis& axis) {
  constexpr std::array tried{1.0,  0.9, 1.1, 0.5,  2.0,  0.8,  1.2,   0.2,   5.0,   0.1,
                             10.0, 0.7, 1.5, 0.05, 20.0, 0.01, 100.0, 0.001, 1000.0};
  constexpr double line_height = 14, rounding = 1e-9;
  Labels out;
  for (const double value : tried) {
    if (value < axis.low * (1 - rounding) || value > axis.high * (1 + rounding)) continue;
    const bool touches = std::ranges::any_of(out, [&](const auto& other) {
      return std::abs(axis.at(other.first) - axis.at(value)) < line_height;
    });
    if (!touches) out.emplace_back(value, quantity(value, {1, 3, ""}));
  }
  return out;
}

double inside(const LogAxis& axis, double value) { return axis.at(std::clamp(value, axis.low, axis.high)); }

/// The median ratio of the rows in each quarter of a decade that has enough of them.
std::vector<Spot> medians(const Points& points, const LogAxis& x, const LogAxis& y) {
  constexpr double bins_a_decade = 4;
  constexpr std::size_t enough = 8;
  std::map<int, std::pair<std::vector<double>, std::vector<double>>> bins;  // times and ratios
  for (const KernelPoint* point : points) {
    const double time = point->measured.in(unit::s);
    auto& [times, ratios] = bins[static_cast<int>(std::floor(std::log10(time) * bins_a_decade))];
    times.push_back(time), ratios.push_back(ratio(*point));
  }
  std::vector<Spot> out;
  for (const auto& [bin, rows] : bins)
    if (rows.first.size() >= enough)
      out.push_back({x.at(median(rows.first)), inside(y, median(rows.second))});
  return out;
}

/// 1 plus and minus `p90`; open below where the error reaches the whole of a measured time.
std::string band(double p90, const LogAxis& y) {
  if (!std::isfinite(p90) || p90 <= 0) return "";
  const auto tenths = [](double length) { return quantity(length, {1, 1, ""}); };
  const double top = inside(y, 1 + p90), bottom = p90 < 1 ? inside(y, 1 - p90) : Area::bottom;
  return "<rect class='band' x='" + tenths(Area::left) + "' y='" + tenths(top) + "' width='" +
         tenths(Area::right - Area::left) + "' height='" + tenths(bottom - top) + "'></rect>";
}

std::string across(const LogAxis& y, double value, const std::string& style) {
  return line({{Area::left, y.at(value)}, {Area::right, y.at(value)}}, style);
}

std::string rings(const KernelGroup& group, const LogAxis& x, const LogAxis& y) {
  std::string out;
  for (const KernelPoint* point : worst(group, worst_shown)) {
    const Spot at{x.at(point->measured.in(unit::s)), inside(y, ratio(*point))};
    out += "<circle class='ring' cx='" + quantity(at.x, {1, 1, ""}) + "' cy='" + quantity(at.y, {1, 1, ""}) +
           "' r='5'><title>" + html(point->label) + ": " + html(quantity(ratio(*point), {1, 3, ""})) +
           "</title></circle>";
  }
  return out;
}

/// What the plot shows, for those who see it and those who do not.
std::string told(const KernelGroup& group, const Points& points, std::size_t outside) {
  std::vector<double> errors, ratios;
  for (const KernelPoint* point : points) errors.push_back(error(*point)), ratios.push_back(ratio(*point));
  const double middle = median(ratios);
  std::string out =
      digits(share_within(errors, tolerance), {0.01, 0, ""}) + "\u00A0% of the rows lie within 10\u00A0%";
  if (std::isfinite(group.p90_error))
    out += ", 90\u00A0% within " + digits(group.p90_error, {0.01, 1, ""}) + "\u00A0% (the band)";
  out += ". In the median, a prediction is " + quantity(middle, {1, 3, ""}) + " times the measured one.";
  if (outside > 0)
    out += " Beyond the axis, squares at its edge: " + quantity(static_cast<double>(outside), "") +
           (outside == 1 ? " row." : " rows.");
  return out;
}

std::string alternative(const Points& points, const LogAxis& x, const std::string& text) {
  return "Residual plot of " + quantity(static_cast<double>(points.size()), "") +
         " rows: predicted divided by measured time, over measured times from " + quantity(x.low, "s") +
         " to " + quantity(x.high, "s") + ". " + text;
}

/// Of what the plot holds.
std::string residual_legend(bool with_median, bool with_band, bool with_rings) {
  const auto item = [](bool shown, const std::string& style, const std::string& name) {
    return shown ? "<li><span class='key " + style + "'></span>" + name + "</li>" : "";
  };
  return "<ul class='legend'>" + item(true, "dot measured", "row") +
         item(with_median, "dash median", "running median") + item(with_band, "band", "9 in 10") +
         item(with_rings, "ring", "worst") + "</ul>";
}

}  // namespace

std::string residual_plot(const KernelGroup& group) {
  const Points points = comparable(group);
  if (points.empty()) return "";
  std::vector<double> times;
  for (const KernelPoint* point : points) times.push_back(point->measured.in(unit::s));
  const LogAxis x = axis_of(times, Area::left, Area::right), y = ratio_axis(points);
  std::vector<Spot> within, beyond;
  for (const KernelPoint* point : points) {
    const bool outside = ratio(*point) < y.low || ratio(*point) > y.high;
    (outside ? beyond : within).push_back({x.at(point->measured.in(unit::s)), inside(y, ratio(*point))});
  }
  Labels x_labels;
  for (const double value : ticks(x)) x_labels.emplace_back(value, quantity(value, "s"));
  const std::string text = told(group, points, beyond.size());
  const std::string median_line = line(medians(points, x, y), "median"), share = band(group.p90_error, y);
  const std::string circles = points.size() > worst_shown ? rings(group, x, y) : "";
  const std::string plot =
      share + axes_markup(x, x_labels, "measured time", y, ratio_labels(y), "predicted / measured time") +
      across(y, 1 - tolerance, "tenth") + across(y, 1 + tolerance, "tenth") + across(y, 1, "exact") +
      dots(within, "measured", dot_size(points.size())) + dots(beyond, "beyond", dot_size(0)) + median_line +
      circles;
  return "<figure class='plotted'><h3>Residuals</h3>" +
         residual_legend(!median_line.empty(), !share.empty(), !circles.empty()) +
         drawing(alternative(points, x, text), plot) + "<figcaption>" + html(text) +
         "</figcaption></figure>\n";
}

}  // namespace superpod::analysis
