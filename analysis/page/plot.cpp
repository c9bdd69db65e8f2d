#include "analysis/page/plot.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "analysis/page/html.hpp"

namespace superpod::analysis {
namespace {

constexpr double per_unit = 2;  // steps in which dots are told apart
constexpr std::array round_steps{1.0, 2.0, 5.0};

/// `value` rounded to tenths, as short as it goes.
std::string coordinate(double value) {
  std::array<char, 32> text{};
  const double tenths = std::round(10 * value) / 10 + 0.0;  // + 0: no negative zero
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), tenths).ptr};
}

/// All 1, 2 and 5 times powers of ten that may bound or divide the values from `low` to `high`.
std::vector<double> round_values(double low, double high) {
  std::vector<double> out;
  const int first = static_cast<int>(std::floor(std::log10(low))) - 1;
  const int last = static_cast<int>(std::ceil(std::log10(high))) + 1;
  for (int power = first; power <= last; ++power)
    for (const double step : round_steps)
      out.push_back(power < 0 ? step / std::pow(10, -power) : step * std::pow(10, power));
  return out;
}

std::string attribute(const char* name, double value) {
  return std::string{" "} + name + "='" + coordinate(value) + "'";
}

std::string grid_line(Spot from, Spot to) {
  return "M" + coordinate(from.x) + " " + coordinate(from.y) + "L" + coordinate(to.x) + " " +
         coordinate(to.y);
}

/// Spots in half units, each once, in reading order.
std::vector<std::pair<int, int>> cells(const std::vector<Spot>& spots) {
  std::vector<std::pair<int, int>> out;
  out.reserve(spots.size());
  for (const Spot& spot : spots)
    out.emplace_back(static_cast<int>(std::lround(spot.x * per_unit)),
                     static_cast<int>(std::lround(spot.y * per_unit)));
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace

double LogAxis::at(double value) const {
  return from + (to - from) * (std::log(value) - std::log(low)) / (std::log(high) - std::log(low));
}

LogAxis axis_of(const std::vector<double>& values, double from, double to) {
  LogAxis axis{1, 10, from, to};
  if (values.empty()) return axis;
  constexpr double tiny = 1e-200, huge = 1e200;  // beyond, powers of ten leave what a double can hold
  const double least = std::clamp(std::ranges::min(values), tiny, huge);
  const double most = std::clamp(std::ranges::max(values), tiny, huge);
  const std::vector<double> ends = round_values(least, most);
  auto high = std::ranges::lower_bound(ends, most);
  auto low = std::ranges::upper_bound(ends, least) - 1;
  constexpr double apart = 4;
  if (*high / *low < apart) --low;
  if (*high / *low < apart) ++high;
  axis.low = *low, axis.high = *high;
  return axis;
}

std::vector<double> ticks(const LogAxis& axis) {
  constexpr double few = 1.7, most = 7;  // decades
  const double decades = std::log10(axis.high) - std::log10(axis.low);
  const int every = static_cast<int>(std::ceil(decades / most));
  constexpr double rounding = 1e-9;
  std::vector<double> out;
  for (const double value : round_values(axis.low, axis.high)) {
    if (value < axis.low * (1 - rounding) || value > axis.high * (1 + rounding)) continue;
    const double power = std::log10(value), whole = std::round(power);
    const bool is_power = std::abs(power - whole) < rounding && static_cast<int>(whole) % every == 0;
    if (decades <= few || is_power) out.push_back(value);
  }
  return out;
}

std::string axes_markup(const LogAxis& x, const Labels& x_labels, const std::string& x_title,
                        const LogAxis& y, const Labels& y_labels, const std::string& y_title) {
  using Area = PlotArea;
  constexpr double below = 17, beside = 6, half_letter = 4;
  std::string lines, texts;
  for (const auto& [value, text] : x_labels) {
    lines += grid_line({x.at(value), Area::top}, {x.at(value), Area::bottom});
    texts += label({x.at(value), Area::bottom + below}, text, "middle");
  }
  for (const auto& [value, text] : y_labels) {
    lines += grid_line({Area::left, y.at(value)}, {Area::right, y.at(value)});
    texts += label({Area::left - beside, y.at(value) + half_letter}, text, "end");
  }
  return "<path class='grid' d='" + lines + "'></path><path class='frame-line' d='" +
         grid_line({Area::left, Area::top}, {Area::left, Area::bottom}) + "H" + coordinate(Area::right) +
         "'></path>" + texts + label({Area::right, Area::height - 4}, x_title, "end") +
         label({0, 12}, y_title, "start");
}

std::string dots(const std::vector<Spot>& spots, const std::string& style, double size, double dash) {
  if (spots.empty()) return "";
  const int stroke = static_cast<int>(std::lround(dash * per_unit));
  std::string path;
  int pen_x = 0, pen_y = 0;
  for (const auto& [x, y] : cells(spots)) {
    const int right = x - stroke / 2 - pen_x, down = y - pen_y;
    path += (path.empty() ? "M" : "m") + std::to_string(right) + (down < 0 ? "" : " ") +
            std::to_string(down) + "h" + std::to_string(stroke);
    pen_x = x - stroke / 2 + stroke, pen_y = y;
  }
  return "<path class='" + style + "' transform='scale(.5)'" + attribute("stroke-width", size * per_unit) +
         " d='" + path + "'></path>";
}

std::string line(const std::vector<Spot>& spots, const std::string& style) {
  if (spots.size() < 2) return "";
  std::string path;
  for (const Spot& spot : spots)
    path += (path.empty() ? "M" : "L") + coordinate(spot.x) + " " + coordinate(spot.y);
  return "<path class='" + style + "' d='" + path + "'></path>";
}

std::string label(Spot spot, const std::string& text, const std::string& anchor, double degrees) {
  const std::string turn = degrees == 0 ? ""
                                        : " transform='rotate(" + coordinate(degrees) + " " +
                                              coordinate(spot.x) + " " + coordinate(spot.y) + ")'";
  return "<text" + attribute("x", spot.x) + attribute("y", spot.y) + " text-anchor='" + anchor + "'" + turn +
         ">" + html(text) + "</text>";
}

std::string drawing(const std::string& alternative, const std::string& content) {
  return "<svg class='plot' role='img' viewBox='0 0 " + coordinate(PlotArea::width) + " " +
         coordinate(PlotArea::height) + "' aria-label='" + html(alternative) + "'>" + content + "</svg>";
}

double dot_size(std::size_t count) {
  constexpr std::size_t few = 60, some = 600;
  return count <= few ? 5 : count <= some ? 3.5 : 2;
}

}  // namespace superpod::analysis
