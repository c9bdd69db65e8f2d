#pragma once

#include <string>

#include "analysis/result.hpp"

namespace superpod::analysis {

/// The head of a page: what was asked, the verdict, and the figures that answer the question as tiles.
std::string answer(const Result& result);

/// One figure: its name, value, interval and definition.
std::string tile(const Figure& figure);

}  // namespace superpod::analysis
