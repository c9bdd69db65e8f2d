/// Which parts of a trace's lines are a request's.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "scenarios/traces/line_mistakes.hpp"
#include "scenarios/traces/trace_format.hpp"

namespace superpod::scenarios {

class TraceFields {
 public:
  enum Field : std::size_t { arrival, input_tokens, output_tokens, blocks };

  explicit TraceFields(const TraceColumns& columns);

  /// Of the next line: true where it holds a request. The first line says whether it is a table with a header
  /// or JSON lines.
  bool read(std::string_view line, std::optional<LineFlaw>& flaw);

  /// The header has not the columns that are needed, so that no line can be read.
  [[nodiscard]] bool useless() const { return shape_ == Shape::useless; }

  /// As it is written, without quotes in a table; valid until the next line is read.
  [[nodiscard]] std::string_view text(Field field) const { return texts_[field]; }
  /// `column 'TIMESTAMP'`
  [[nodiscard]] std::string name(Field field) const;

 private:
  enum class Shape { unknown, table, json_lines, useless };

  std::optional<LineFlaw> read_header(std::string_view line);
  std::optional<LineFlaw> read_row(std::string_view line);
  std::optional<LineFlaw> read_object(std::string_view line);

  std::string_view format_;
  std::array<std::string_view, 4> names_, texts_;
  std::size_t wanted_;  // of these
  Shape shape_ = Shape::unknown;
  std::array<std::size_t, 4> at_{};  // which field of a row
  std::size_t width_ = 0;            // of the header
  std::vector<std::string_view> row_;
};

}  // namespace superpod::scenarios
