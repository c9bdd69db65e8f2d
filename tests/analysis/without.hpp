#pragma once

#include <algorithm>
#include <string>

#include "analysis/result.hpp"

namespace superpod::analysis {

/// `result` without one of its tables, and without arrays over its rows.
inline Result without(Result result, const std::string& table) {
  std::erase_if(result.tables, [&](const Table& some) { return some.name == table; });
  std::erase_if(result.arrays, [&](const Array& some) {
    return std::ranges::none_of(result.tables,
                                [&](const Table& of) { return of.dimension == some.dimensions[0]; }) ||
           std::ranges::none_of(result.tables,
                                [&](const Table& of) { return of.dimension == some.dimensions[1]; });
  });
  return result;
}

}  // namespace superpod::analysis
