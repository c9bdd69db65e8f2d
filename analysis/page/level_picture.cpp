#include "analysis/page/level_picture.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <set>

#include "analysis/page/html.hpp"

namespace superpod::analysis {
namespace {

constexpr double width = 320, unit_size = 26, pitch = 46, first_unit = 1;
constexpr int most_units = 7;  // that are drawn; of more, five and the last

std::string text(double value) {
  std::array<char, 16> out{};
  const auto end = std::to_chars(out.data(), out.data() + out.size(), value, std::chars_format::fixed, 1).ptr;
  return {out.data(), end};
}

/// Where the units stand: their middles, from left to right.
std::vector<double> places(int units) {
  std::vector<double> out;
  for (int i = 0; i < std::min(units, most_units); ++i)
    if (units <= most_units || i != most_units - 2) out.push_back(first_unit + unit_size / 2 + i * pitch);
  return out;
}

/// As much of a name as a switch has room for; cut between characters of UTF-8.
std::string shortened(const std::string& name) {
  constexpr std::size_t room = 32;
  if (name.size() <= room) return name;
  std::size_t end = room;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U) --end;
  return name.substr(0, end) + "…";
}

std::string path(const std::string& line, double use) {
  return "<path class='" + heat_class(use) + "' d='" + line + "'/>";
}

std::string arc(double from, double to, double y, double depth) {
  return "M" + text(from) + " " + text(y) + "Q" + text((from + to) / 2) + " " + text(y + depth) + " " +
         text(to) + " " + text(y);
}

std::string drawn_mesh(const std::vector<double>& at, double y, double use) {
  std::string line;
  for (std::size_t a = 0; a < at.size(); ++a)
    for (std::size_t b = a + 1; b < at.size(); ++b)
      line += arc(at[a], at[b], y, 12 + 11 * static_cast<double>(b - a));
  return path(line, use);
}

std::string drawn_ring(const std::vector<double>& at, double y, double use) {
  std::string line;
  for (std::size_t a = 0; a + 1 < at.size(); ++a) line += arc(at[a], at[a + 1], y, 14);
  if (at.size() > 2) line += arc(at.front(), at.back(), y, 70);
  return path(line, use);
}

std::string drawn_switch(const std::vector<double>& at, const LevelLinks& links, double top,
                         double units_top) {
  std::string line;
  const double left = at.front() - unit_size / 2, right = at.back() + unit_size / 2;
  for (const double x : at) line += "M" + text(x) + " " + text(top + 18) + "V" + text(units_top);
  return path(line, links.busiest) + "<rect class='switch' x='" + text(left) + "' y='" + text(top) +
         "' width='" + text(right - left) + "' height='18' rx='3'/><text x='" + text((left + right) / 2) +
         "' y='" + text(top + 13) + "'>" + html(shortened(links.network)) + "</text>";
}

}  // namespace

std::string heat_class(double use) {
  if (!(use > 0)) return "use-0";
  return "use-" + std::to_string(std::clamp(static_cast<int>(std::ceil(use * 5)), 1, 5));
}

std::string level_picture(int units, const std::vector<LevelLinks>& links, const std::string& alternative) {
  const std::vector<double> at = places(units);
  const auto is_switch = [](const LevelLinks& some) { return some.shape == LevelLinks::Shape::switched; };
  const auto switches = static_cast<double>(std::ranges::count_if(links, is_switch));
  const bool below = switches < static_cast<double>(links.size());
  const double units_top = 4 + 40 * switches, units_bottom = units_top + unit_size;
  const double height = units_bottom + (below && at.size() > 1 ? 48 : 6);
  std::string lines;
  double top = units_top - 40;
  for (const LevelLinks& some : links) {
    if (at.size() < 2 && !is_switch(some)) continue;
    switch (some.shape) {
      case LevelLinks::Shape::mesh:
        lines += drawn_mesh(at, units_bottom, some.busiest);
        break;
      case LevelLinks::Shape::ring:
        lines += drawn_ring(at, units_bottom, some.busiest);
        break;
      case LevelLinks::Shape::switched:
        lines += drawn_switch(at, some, top, units_top);
        top -= 40;
        break;
    }
  }
  std::string boxes;
  for (const double x : at)
    boxes += "<rect class='" + std::string{x == at.front() ? "unit opened" : "unit"} + "' x='" +
             text(x - unit_size / 2) + "' y='" + text(units_top) + "' width='" + text(unit_size) +
             "' height='" + text(unit_size) + "' rx='3'/>";
  if (units > most_units)
    boxes += "<text x='" + text(at.back() - pitch) + "' y='" + text(units_top + 17) + "'>…</text>";
  return "<svg class='level-picture' role='img' aria-label='" + html(alternative) + "' viewBox='0 0 " +
         text(width) + " " + text(height) + "' width='" + text(width) + "' height='" + text(height) + "'>" +
         lines + boxes + "</svg>";
}

}  // namespace superpod::analysis
