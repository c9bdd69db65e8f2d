/// Pieces of a scatter plot in SVG with logarithmic axes. It is drawn here, not by a script: it prints, and
/// it needs no script to be read. Lengths are units of the drawing, about a pixel each.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace superpod::analysis {

/// Where a plot lies in its drawing.
struct PlotArea {
  static constexpr double width = 400, height = 300;
  static constexpr double left = 44, right = 382, top = 26, bottom = 262;
};

struct Spot {
  double x = 0, y = 0;
  bool operator==(const Spot&) const = default;
};

/// A logarithmic axis: values from `low` to `high` (both positive) lie evenly by their logarithm.
struct LogAxis {
  double low = 1, high = 10;
  double from = 0, to = 1;  ///< where `low` and `high` lie

  [[nodiscard]] double at(double value) const;
};

/// An axis whose ends are 1, 2 or 5 times a power of ten and hold all `values` (positive and finite); at
/// least a factor of four apart.
LogAxis axis_of(const std::vector<double>& values, double from, double to);

/// Round values along the axis, at most about seven: powers of ten, or 1, 2 and 5 of each where these are
/// few.
std::vector<double> ticks(const LogAxis& axis);

/// A tick and its label.
using Labels = std::vector<std::pair<double, std::string>>;

/// Grid lines, labels and titles of both axes, `x_title` with its unit below and `y_title` above.
std::string axes_markup(const LogAxis& x, const Labels& x_labels, const std::string& x_title,
                        const LogAxis& y, const Labels& y_labels, const std::string& y_title);

/// A dot, or a dash of `dash` units, at each spot, as one path of class `style`: spots that share a half unit
/// are drawn once, so that a path has no more dots than a reader can tell apart.
std::string dots(const std::vector<Spot>& spots, const std::string& style, double size, double dash = 0);

/// A line through `spots`; nothing for fewer than two.
std::string line(const std::vector<Spot>& spots, const std::string& style);

/// `text` (plain) beginning, centred or ending (`start`, `middle`, `end`) at `spot`, turned by `degrees`.
std::string label(Spot spot, const std::string& text, const std::string& anchor, double degrees = 0);

/// The drawing, which screen readers read as `alternative`.
std::string drawing(const std::string& alternative, const std::string& content);

/// Size of a dot that keeps many of them apart.
double dot_size(std::size_t count);

}  // namespace superpod::analysis
