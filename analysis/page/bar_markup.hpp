/// Tables whose second column is a drawing of bars: pieces of which the charts of a page are made, so that
/// each can be read aloud, copied and printed, and needs no script.
#pragma once

#include <string>
#include <vector>

namespace superpod::analysis {

struct Heading {
  std::string text, unit;
};

/// The opening of such a table up to its first row. `plot` says what the width of the drawing stands for.
std::string bars_opening(const std::string& caption, const std::string& name, const std::string& plot,
                         const std::vector<Heading>& values);

/// One row: `name`, `meaning` and `values` are plain text, `plot` is markup; `mark` (markup) stands behind
/// the name.
struct BarRow {
  std::string name, meaning, plot;
  std::vector<std::string> values;
  std::string mark = {};
};
std::string bar_row(const BarRow& row);

/// A bar of class `colour` from one share of the width, and as long as another; nothing when it has no
/// length.
std::string bar(const std::string& colour, double from, double size);

/// A bar between two shares of the width, in whatever order.
std::string bar_between(const std::string& colour, double one, double other);

/// An upright line of class `style` at a share of the width.
std::string upright(const std::string& style, double at);

/// A share in per cent with one decimal, without its unit; `n/a` when it is not finite.
std::string percent(double share);

/// `percent` with its sign and unit: `+3.1 %`, `−12.0 %`.
std::string signed_percent(double share);

/// Row `row` of a column that may be missing: then 0, or no text.
double at(const std::vector<double>& values, std::size_t row);
std::string at(const std::vector<std::string>& values, std::size_t row);

}  // namespace superpod::analysis
