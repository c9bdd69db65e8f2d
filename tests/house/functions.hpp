/// Function definitions in the house's style, found by their braces: no compiler is needed to count lines.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tests/house/tree.hpp"

namespace superpod::house {

struct Function {
  std::string path, name;  ///< `topology/routing/ways.cpp`, `Ways::spread`
  std::size_t line = 0;    ///< where its declaration begins, from 1
  std::size_t lines = 0;   ///< from there to its last brace
  std::size_t parameters = 0;
};

/// Those at the level of namespaces and classes, with a body; lambdas belong to what they stand in. Macros
/// that open or close braces would confuse it; there are none.
std::vector<Function> functions_of(const File& file);

}  // namespace superpod::house
