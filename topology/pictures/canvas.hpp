/// Shapes and words as SVG text: deterministic numbers, escaped words, lines broken to a width.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace superpod::topology {

struct Point {
  double x = 0, y = 0;
};

struct Box {
  double x = 0, y = 0, width = 0, height = 0;

  [[nodiscard]] double right() const { return x + width; }
  [[nodiscard]] double bottom() const { return y + height; }
  [[nodiscard]] Point centre() const { return {x + width / 2, y + height / 2}; }
};

/// Words as XML: `&`, `<`, `>` and quotes escaped, control characters left out.
std::string escaped(std::string_view words);

/// Words in lines of at most `width`, in units of the font size; a line is broken at a blank, a longer word
/// within it.
std::vector<std::string> wrapped(std::string_view words, double width);

/// One decimal at most: `12`, `12.5`.
std::string number(double value);

/// Collects shapes. Classes are CSS classes; the style stands in the drawing.
class Canvas {
 public:
  void box(const Box& box, std::string_view classes, double radius = 4);
  void line(Point from, Point to, std::string_view classes);
  void curve(Point from, Point bend, Point to, std::string_view classes);
  void circle(Point centre, double radius, std::string_view classes);
  void polygon(const std::vector<Point>& corners, std::string_view classes);
  void words(Point start, std::string_view words, std::string_view classes);
  void add(const Canvas& other) { text_ += other.text_; }

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace superpod::topology
