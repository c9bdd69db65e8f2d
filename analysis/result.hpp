/// What a run found, as plain columns with names, units and meanings: the one thing that files and pages are
/// made from.
///
/// `write(Result)` to HDF5 and back loses nothing, so a page can be made from a file (`superpod report`).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace superpod::analysis {

/// One figure of the answer: a row of `--json`, a root attribute of the HDF5 file.
struct Figure {
  std::string key;  ///< contract name, e.g. `step_time_s`; a dot goes into an object: `breakdown_s.bubble`
  double value = 0;
  std::string unit;     ///< SI symbol: `s`, `B`, `B/s`, `1/s`; empty for counts and shares
  std::string meaning;  ///< the definition, in one sentence
  std::optional<std::pair<double, double>> interval =
      std::nullopt;  ///< low and high, where `value` is uncertain
};

struct Column {
  std::string name, unit, meaning;
  std::variant<std::vector<double>, std::vector<std::int64_t>, std::vector<std::string>> values;

  [[nodiscard]] std::size_t size() const;
};

/// Columns of equal length. In HDF5 a group: one data set a column, and a dimension scale named `dimension`.
struct Table {
  std::string name;       ///< group, e.g. `ranks`
  std::string dimension;  ///< what a row is, e.g. `rank_class`
  std::string meaning;
  std::vector<Column> columns;

  [[nodiscard]] std::size_t rows() const;  ///< of any column
  [[nodiscard]] const Column* column(
      const std::string& column_name) const;  ///< null when there is none of that name
};

/// Values over the rows of two or more tables, e.g. `link_utilisation[link_class][time]`.
struct Array {
  std::string name, unit, meaning;
  std::vector<std::string> dimensions;  ///< `dimension` of the tables that it spans, slowest first
  std::vector<double> values;           ///< row-major
};

/// Where one input figure comes from.
struct Provenance {
  std::string path;  ///< e.g. `system.chip.memory_bandwidth`
  std::string value, grade, source, note;
};

struct Result {
  std::string name, kind, system, version, scenario_text;  ///< `kind` is collective, training, ...
  std::int64_t seed = 0;
  std::string engine;   ///< `folded` or `full`
  std::string verdict;  ///< one paragraph: the answer and what bounds it
  std::vector<Figure> figures;
  std::vector<Table> tables;
  std::vector<Array> arrays;
  std::vector<Provenance> provenance;

  [[nodiscard]] const Table* table(
      const std::string& table_name) const;                          ///< null when there is none of that name
  [[nodiscard]] const Figure* figure(const std::string& key) const;  ///< null when there is none of that key
};

/// Throws std::logic_error unless all columns of a table are equally long, names and keys differ, and each
/// array has the shape of the tables that it spans.
void check(const Result& result);

}  // namespace superpod::analysis
