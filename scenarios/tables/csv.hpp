/// Tables as text: comment lines, a header, then rows of the same number of fields.
///
///     # title: dense GEMM latency
///     system,dtype,m,n,k,latency_us
///     h200_sxm,fp8_block,1,256,256,4.1
#pragma once

#include <filesystem>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/text/mistakes.hpp"

namespace superpod::scenarios {

struct Csv {
  struct Row {
    std::vector<std::string> fields;  ///< as many as there are columns
    std::vector<int> starts;          ///< where each begins in its line, in bytes from 1
    int line = 0;                     ///< from 1
  };

  std::shared_ptr<const Source> source;
  std::vector<std::string> comments;  ///< without `#` and the blanks around them
  std::vector<std::string> columns;
  int header_line = 0;
  std::vector<Row> rows;

  /// The column of that name, or -1.
  [[nodiscard]] int column(std::string_view name) const;
  [[nodiscard]] Place place_of_header() const;
  [[nodiscard]] Place place_of(const Row& row, int column) const;
};

/// Lines that begin with `#` are comments, wherever they stand; empty lines are nothing. Fields are separated
/// by commas; one within double quotes may hold commas, and doubled quotes for one. Lines end with LF or
/// CRLF. Notes every mistake: no header, a column without a name or named twice, a row of another length, a
/// quoted field that is not closed on its line. Such rows are left out.
Csv parse_csv(std::shared_ptr<const Source> source, Mistakes& mistakes);

/// Also notes what is no text, or too large for a table (64 MiB). Throws std::runtime_error with the path
/// when the file cannot be read.
Csv read_csv(const std::filesystem::path& path, Mistakes& mistakes);

/// One line, quoted where needed so that `parse_csv` reads the same fields. Throws std::invalid_argument for
/// a field that holds a line break.
void write_row(std::ostream& out, std::span<const std::string> fields);

/// `# text`, a line of its own.
void write_comment(std::ostream& out, std::string_view text);

}  // namespace superpod::scenarios
