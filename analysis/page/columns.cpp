#include "analysis/page/columns.hpp"

#include <cstddef>
#include <variant>

#include "analysis/page/html.hpp"

namespace superpod::analysis {

std::vector<double> numbers(const Column& column) {
  if (const auto* some = std::get_if<std::vector<double>>(&column.values)) return *some;
  std::vector<double> out;
  if (const auto* some = std::get_if<std::vector<std::int64_t>>(&column.values))
    for (const std::int64_t value : *some) out.push_back(static_cast<double>(value));
  return out;
}

std::vector<double> numbers(const Table& table, const std::string& column) {
  const Column* found = table.column(column);
  return found == nullptr ? std::vector<double>{} : numbers(*found);
}

std::vector<std::string> texts(const Table& table, const std::string& column) {
  const Column* found = table.column(column);
  if (found == nullptr) return {};
  const auto* some = std::get_if<std::vector<std::string>>(&found->values);
  return some == nullptr ? std::vector<std::string>{} : *some;
}

std::vector<std::string> row_names(const Table& table) {
  for (const Column& column : table.columns)
    if (const auto* some = std::get_if<std::vector<std::string>>(&column.values)) return *some;
  std::vector<std::string> out;
  for (std::size_t row = 0; row < table.rows(); ++row)
    out.push_back(words(table.dimension) + " " + std::to_string(row));
  return out;
}

}  // namespace superpod::analysis
