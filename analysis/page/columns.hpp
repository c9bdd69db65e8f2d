/// Columns of a table by name, in one type.
#pragma once

#include <string>
#include <vector>

#include "analysis/result.hpp"

namespace superpod::analysis {

/// The numbers of a column; empty when there is no such column, or it holds text.
std::vector<double> numbers(const Table& table, const std::string& column);
std::vector<double> numbers(const Column& column);

/// The texts of a column; empty when there is no such column, or it holds numbers.
std::vector<std::string> texts(const Table& table, const std::string& column);

/// One word or name for each row: the first column of text, else the dimension and a number (`link_class 3`).
std::vector<std::string> row_names(const Table& table);

}  // namespace superpod::analysis
