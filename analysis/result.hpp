/// What a run found, as plain columns with names, units and meanings: the one thing that files and pages are
/// made from.
///
/// `write(Result)` to HDF5 and back loses nothing, so a page can be made from a file (`superpod report`).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
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

/// What a page makes of a table: where it shows it, and which of its columns it looks at, by their names.
enum class View {
  plain,       ///< all columns, under the table's own name; last
  causes,      ///< where the time goes: cause, time, meaning
  passes,      ///< the same by kind of pass: time
  chain,       ///< the critical path by cause: cause, time
  ranks,       ///< whose rows the timeline has
  timeline,    ///< who does what when: rank, phase, microbatch, chunk, start, finish
  memory,      ///< parts in bytes, capacity
  kernels,     ///< bars: time
  fabric,      ///< links by level: link, network, level, kind, links, bandwidth, utilisation, busiest
  levels,      ///< of the fabric, the outermost first: level, count
  links,       ///< what each carried: utilisation, busy
  bins,        ///< of time, over which links were used: start
  bill,        ///< what there is: count, per, power_w, cabinets, floor_m2, cables, price, cost, grade, source
  gaps,        ///< what is not known
  energy,      ///< where it goes: power_w, energy_j, cost, not_known
  losses,      ///< what time is lost to: mtbf_s, events, lost_s, share
  limits,      ///< and how much of them is used: name, unit, limit, used, share, binding
  candidates,  ///< answers of a plan, best first
  systems,     ///< what each can do: system, candidates, feasible, best_answer, reason
  rejects,     ///< what is out: system, size, npus, stage, count, reason, example
  scenarios,   ///< of the candidates: yaml
  points,      ///< of a sweep: any numbers
  tornado,     ///< what one input does: input, grade, value, low, high, result_low, result_high, of
  samples,     ///< a figure a column
  checks,      ///< of what an answer rests on: case, of, error, share, source, predicted, measured
};

/// The word of each view, in files.
constexpr auto words(View) {
  using std::pair, std::string_view;
  return std::array{
      pair{string_view{"plain"}, View::plain},         pair{string_view{"causes"}, View::causes},
      pair{string_view{"passes"}, View::passes},       pair{string_view{"chain"}, View::chain},
      pair{string_view{"ranks"}, View::ranks},         pair{string_view{"timeline"}, View::timeline},
      pair{string_view{"memory"}, View::memory},       pair{string_view{"kernels"}, View::kernels},
      pair{string_view{"fabric"}, View::fabric},       pair{string_view{"levels"}, View::levels},
      pair{string_view{"links"}, View::links},         pair{string_view{"bins"}, View::bins},
      pair{string_view{"bill"}, View::bill},           pair{string_view{"gaps"}, View::gaps},
      pair{string_view{"energy"}, View::energy},       pair{string_view{"losses"}, View::losses},
      pair{string_view{"limits"}, View::limits},       pair{string_view{"candidates"}, View::candidates},
      pair{string_view{"systems"}, View::systems},     pair{string_view{"rejects"}, View::rejects},
      pair{string_view{"scenarios"}, View::scenarios}, pair{string_view{"points"}, View::points},
      pair{string_view{"tornado"}, View::tornado},     pair{string_view{"samples"}, View::samples},
      pair{string_view{"checks"}, View::checks}};
}

/// Columns of equal length. In HDF5 a group: one data set a column, and a dimension scale named `dimension`.
struct Table {
  std::string name;       ///< group, e.g. `ranks`
  std::string dimension;  ///< what a row is, e.g. `rank_class`
  std::string meaning;
  std::vector<Column> columns;
  View view = View::plain;

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
  [[nodiscard]] const Table* shown_as(View view) const;              ///< the first; null when there is none
  [[nodiscard]] const Figure* figure(const std::string& key) const;  ///< null when there is none of that key
};

/// Throws std::logic_error unless all columns of a table are equally long, names and keys differ, and each
/// array has the shape of the tables that it spans.
void check(const Result& result);

}  // namespace superpod::analysis
