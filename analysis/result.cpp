#include "analysis/result.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

namespace superpod::analysis {
namespace {

void check_distinct(std::set<std::string>& seen, const std::string& name, const std::string& what) {
  if (!seen.insert(name).second)
    throw std::logic_error{"two " + what + " of a result are called '" + name + "'"};
}

void check_columns(const Table& table) {
  std::set<std::string> names;
  for (const Column& column : table.columns) {
    check_distinct(names, column.name, "columns of table '" + table.name + "'");
    if (column.size() != table.rows())
      throw std::logic_error{"column '" + column.name + "' of table '" + table.name + "' has " +
                             std::to_string(column.size()) + " values, not " + std::to_string(table.rows())};
  }
}

}  // namespace

std::size_t Column::size() const {
  return std::visit([](const auto& some) { return some.size(); }, values);
}

std::size_t Table::rows() const { return columns.empty() ? 0 : columns.front().size(); }

const Column* Table::column(const std::string& column_name) const {
  const auto found = std::ranges::find(columns, column_name, &Column::name);
  return found == columns.end() ? nullptr : &*found;
}

const Table* Result::table(const std::string& table_name) const {
  const auto found = std::ranges::find(tables, table_name, &Table::name);
  return found == tables.end() ? nullptr : &*found;
}

const Table* Result::shown_as(View view) const {
  const auto found = std::ranges::find(tables, view, &Table::view);
  return found == tables.end() ? nullptr : &*found;
}

const Figure* Result::figure(const std::string& key) const {
  const auto found = std::ranges::find(figures, key, &Figure::key);
  return found == figures.end() ? nullptr : &*found;
}

void check(const Result& result) {
  std::set<std::string> keys, names, array_names;
  for (const Figure& figure : result.figures) check_distinct(keys, figure.key, "figures");
  std::map<std::string, std::size_t> length;  // of each dimension; the first table that has it counts
  for (const Table& table : result.tables) {
    check_distinct(names, table.name, "tables");
    check_columns(table);
    length.emplace(table.dimension, table.rows());
  }
  for (const Array& array : result.arrays) {
    check_distinct(array_names, array.name, "arrays");
    std::size_t size = 1;
    for (const std::string& dimension : array.dimensions) {
      if (!length.contains(dimension))
        throw std::logic_error{"array '" + array.name + "' spans '" + dimension + "', which no table has"};
      size *= length.at(dimension);
    }
    if (array.values.size() != size)
      throw std::logic_error{"array '" + array.name + "' has " + std::to_string(array.values.size()) +
                             " values, not " + std::to_string(size)};
  }
}

}  // namespace superpod::analysis
