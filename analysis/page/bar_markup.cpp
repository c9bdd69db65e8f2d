#include "analysis/page/bar_markup.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "analysis/page/html.hpp"
#include "analysis/page/quantity.hpp"

namespace superpod::analysis {

std::string bars_opening(const std::string& caption, const std::string& name, const std::string& plot,
                         const std::vector<Heading>& values) {
  // In a narrow window, two short numbers stand beside the name; more, or some with units of their own, below
  // it.
  const bool many = values.size() > 2 ||
                    std::ranges::any_of(values, [](const Heading& value) { return value.unit.empty(); });
  std::string out = "<table class='bars" + std::string{many ? " many" : ""} +
                    "' style='--values:" + std::to_string(values.size()) + "'><caption class='unseen'>" +
                    html(caption) + "</caption><thead><tr><th scope='col'>" + html(name) +
                    "</th><th scope='col' class='plot'>" + html(plot) + "</th>";
  for (const Heading& value : values) {
    out += "<th scope='col' class='n'>" + html(value.text);
    if (!value.unit.empty()) out += " <span class='unit'>(" + html(value.unit) + ")</span>";
    out += "</th>";
  }
  return out + "</tr></thead><tbody>\n";
}

std::string bar_row(const BarRow& row) {
  std::string out = "<tr><th scope='row'>" + breakable(row.name) + row.mark;
  if (!row.meaning.empty()) out += "<span class='what'>" + isolated(row.meaning) + "</span>";
  out += "</th><td class='plot'><span class='track'>" + row.plot + "</span></td>";
  for (const std::string& value : row.values) out += "<td class='n'>" + html(value) + "</td>";
  return out + "</tr>\n";
}

std::string bar(const std::string& colour, double from, double size) {
  if (!(size > 0)) return "";
  return "<span class='bar " + colour + "' style='--from:" + length(from) + ";--size:" + length(size) +
         "'></span>";
}

std::string bar_between(const std::string& colour, double one, double other) {
  return bar(colour, std::min(one, other), std::abs(other - one));
}

std::string upright(const std::string& style, double at) {
  return "<span class='" + style + "' style='--from:" + length(at) + "'></span>";
}

std::string percent(double share) { return digits(share, {0.01, 1, ""}); }

std::string signed_percent(double share) {
  if (!std::isfinite(share)) return "n/a";
  std::string size = percent(std::abs(share));
  return (share < 0 ? "\u2212" : "+") + size + "\u00A0%";
}

double at(const std::vector<double>& values, std::size_t row) {
  return row < values.size() ? values[row] : 0;
}

std::string at(const std::vector<std::string>& values, std::size_t row) {
  return row < values.size() ? values[row] : "";
}

}  // namespace superpod::analysis
