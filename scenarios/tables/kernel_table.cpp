#include "scenarios/tables/kernel_table.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "scenarios/tables/csv.hpp"
#include "scenarios/tables/dialect.hpp"

namespace superpod::scenarios {
namespace {

using models::Measurement;
using Pair = std::pair<std::string_view, std::string_view>;

/// What a column `system` says, where that is not the catalogue's name.
constexpr std::array chips_by_other_names{Pair{"a100_sxm", "a100_sxm_80"}};

/// What comment lines call the chip of a table without a column for it.
constexpr std::array chips_in_comments{Pair{"H800", "h800_sxm"}, Pair{"910B", "ascend_910b"},
                                       Pair{"910C", "ascend_910c"}, Pair{"950DT", "ascend_950dt"}};

const std::vector<Dialect>& dialects() {
  static const std::vector<Dialect> all = [] {
    std::vector<Dialect> list;
    for (const auto& some :
         {own_dialects(), moe_dialects(), attention_dialects(), gemm_dialects(), rate_dialects()})
      list.insert(list.end(), some.begin(), some.end());
    return list;
  }();
  return all;
}

std::size_t columns_found(const Csv& csv, const Dialect& dialect) {
  return static_cast<std::size_t>(
      std::count_if(dialect.columns.begin(), dialect.columns.end(),
                    [&](std::string_view column) { return csv.column(column) >= 0; }));
}

/// The format with which the table shares most columns, and those that it lacks.
std::string missing_columns(const Csv& csv) {
  const auto better = [&](const Dialect& a, const Dialect& b) {
    const std::size_t in_a = columns_found(csv, a), in_b = columns_found(csv, b);
    return in_a != in_b ? in_a > in_b : a.columns.size() < b.columns.size();
  };
  const auto closest = std::min_element(dialects().begin(), dialects().end(), better);
  std::string out = "the closest is '" + std::string{closest->name} + "', which also has";
  std::string_view comma = " ";
  for (const std::string_view column : closest->columns)
    if (csv.column(column) < 0) out += std::string{std::exchange(comma, ", ")} + std::string{column};
  return out;
}

const Dialect* dialect_of(const Csv& csv, Mistakes& mistakes) {
  for (const Dialect& dialect : dialects())
    if (columns_found(csv, dialect) == dialect.columns.size()) return &dialect;
  mistakes.add(csv.place_of_header(), "these columns are of no known table of kernels", missing_columns(csv));
  return nullptr;
}

/// The comment that says so, else the first one.
std::string source_in(const std::vector<std::string>& comments) {
  constexpr std::string_view label = "source:";
  for (const std::string& comment : comments)
    if (comment.starts_with(label)) {
      const auto begin = comment.find_first_not_of(' ', label.size());
      return begin == std::string::npos ? "" : comment.substr(begin);
    }
  return comments.empty() ? "" : comments.front();
}

std::string chip_in(const std::vector<std::string>& comments) {
  for (const std::string& comment : comments)
    for (const auto& [words, chip] : chips_in_comments)
      if (comment.find(words) != std::string::npos) return std::string{chip};
  return {};
}

std::string catalogue_name(std::string_view system) {
  for (const auto& [other, chip] : chips_by_other_names)
    if (other == system) return std::string{chip};
  return std::string{system};
}

/// The chip of rows that do not name one: that of the table's comments, else `chip`; a mistake when nothing
/// names it.
std::string chip_of_table(const Csv& csv, std::string_view chip, Mistakes& mistakes) {
  if (std::string found = chip_in(csv.comments); !found.empty()) return found;
  if (chip.empty())
    mistakes.add(
        csv.place_of_header(), "the table does not say which chip it is about",
        "add a column 'system' with the catalogue's name of the chip, or name the chip beside the table");
  return std::string{chip};
}

void take_row(const Cells& cells, const Dialect& dialect, const std::string& chip, KernelTable& table) {
  Reading reading = dialect.read(cells);
  if (auto* why = std::get_if<std::string>(&reading)) {
    table.unread.push_back({cells.line(), std::move(*why)});
    return;
  }
  auto& row = std::get<Measurement>(reading);
  if (row.device.empty()) row.device = cells.has("system") ? catalogue_name(cells.text("system")) : chip;
  if (row.device.empty()) cells.wrong("system", "this row names no chip", "a catalogue name, e.g. h200_sxm");
  if (row.source.empty()) row.source = table.source;
  row.line = cells.line();
  table.rows.push_back(std::move(row));
}

KernelTable table_of(const Csv& csv, std::string_view chip, Mistakes& mistakes) {
  KernelTable table;
  const Dialect* dialect = dialect_of(csv, mistakes);
  if (!dialect) return table;
  table.format = dialect->name;
  table.source = source_in(csv.comments);
  const bool rows_name_chips = csv.column("system") >= 0 || !dialect->one_chip;
  const std::string common = rows_name_chips ? std::string{} : chip_of_table(csv, chip, mistakes);
  if (!rows_name_chips && common.empty()) return table;
  for (const Csv::Row& row : csv.rows) take_row({csv, row, mistakes}, *dialect, common, table);
  return table;
}

}  // namespace

KernelTable read_kernel_table(const std::filesystem::path& path, Mistakes& mistakes, std::string_view chip) {
  const Csv csv = read_csv(path, mistakes);
  return csv.columns.empty() ? KernelTable{} : table_of(csv, chip, mistakes);
}

KernelTable read_kernel_table(std::shared_ptr<const Source> source, Mistakes& mistakes,
                              std::string_view chip) {
  const Csv csv = parse_csv(std::move(source), mistakes);
  return csv.columns.empty() ? KernelTable{} : table_of(csv, chip, mistakes);
}

}  // namespace superpod::scenarios
