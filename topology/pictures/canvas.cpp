#include "topology/pictures/canvas.hpp"

#include <algorithm>
#include <cmath>

namespace superpod::topology {
namespace {

/// Width of a letter over the font size: the mean of a wide sans-serif face, so that lines do not run over.
constexpr double letter = 0.53;

bool begins_letter(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }  // of UTF-8

std::size_t letters(std::string_view words) {
  std::size_t count = 0;
  for (const char c : words) count += begins_letter(c) ? 1 : 0;
  return count;
}

/// The first letters of a word, at least one.
std::string_view head(std::string_view word, std::size_t most) {
  std::size_t end = 0;
  std::size_t count = 0;
  while (end < word.size() && (count < most || count == 0 || !begins_letter(word[end]))) {
    if (begins_letter(word[end]) && ++count > most && count > 1) break;
    ++end;
  }
  return word.substr(0, end);
}

std::string attribute(std::string_view name, double value) {
  std::string result{' '};
  result.append(name).append("=\"").append(number(value));
  return result += '"';
}

std::string class_of(std::string_view classes) { return " class=\"" + std::string{classes} + "\""; }

std::string at(Point p) { return number(p.x) + " " + number(p.y); }

}  // namespace

std::string escaped(std::string_view words) {
  std::string result;
  for (const char c : words) switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20) result += c;
    }
  return result;
}

std::vector<std::string> wrapped(std::string_view words, double width) {
  const auto most = static_cast<std::size_t>(std::max(1.0, width / letter));
  std::vector<std::string> lines{""};
  while (!words.empty()) {
    const std::size_t blank = words.find(' ');
    std::string_view word = words.substr(0, blank);
    words.remove_prefix(blank == std::string_view::npos ? words.size() : blank + 1);
    if (!lines.back().empty() && letters(lines.back()) + 1 + letters(word) > most) lines.emplace_back();
    while (letters(word) > most) {
      const std::string_view part = head(word, most);
      lines.back() += part;
      word.remove_prefix(part.size());
      lines.emplace_back();
    }
    if (!lines.back().empty()) lines.back() += ' ';
    lines.back() += word;
  }
  return lines;
}

std::string number(double value) {
  const long long tenths = std::llround(value * 10);
  const long long magnitude = tenths < 0 ? -tenths : tenths;
  std::string result{tenths < 0 ? "-" : ""};
  result += std::to_string(magnitude / 10);
  if (magnitude % 10 != 0) result.append(".").append(std::to_string(magnitude % 10));
  return result;
}

void Canvas::box(const Box& b, std::string_view classes, double radius) {
  text_ += "<rect" + class_of(classes) + attribute("x", b.x) + attribute("y", b.y) +
           attribute("width", b.width) + attribute("height", b.height) + attribute("rx", radius) + "/>\n";
}

void Canvas::line(Point from, Point to, std::string_view classes) {
  text_ += "<path" + class_of(classes) + " d=\"M" + at(from) + "L" + at(to) + "\"/>\n";
}

void Canvas::curve(Point from, Point bend, Point to, std::string_view classes) {
  text_ += "<path" + class_of(classes) + " d=\"M" + at(from) + "Q" + at(bend) + " " + at(to) + "\"/>\n";
}

void Canvas::circle(Point centre, double radius, std::string_view classes) {
  text_ += "<circle" + class_of(classes) + attribute("cx", centre.x) + attribute("cy", centre.y) +
           attribute("r", radius) + "/>\n";
}

void Canvas::polygon(const std::vector<Point>& corners, std::string_view classes) {
  std::string points;
  for (const Point& p : corners) {
    if (!points.empty()) points += ' ';
    points.append(number(p.x)).append(",").append(number(p.y));
  }
  text_ += "<polygon" + class_of(classes) + " points=\"" + points + "\"/>\n";
}

void Canvas::words(Point start, std::string_view words, std::string_view classes) {
  text_ += "<text" + class_of(classes) + attribute("x", start.x) + attribute("y", start.y) + ">" +
           escaped(words) + "</text>\n";
}

}  // namespace superpod::topology
