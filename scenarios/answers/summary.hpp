#pragma once

#include <string>

#include "analysis/result.hpp"

namespace superpod::scenarios {

/// A result as a person reads it in a terminal: the verdict, the figures, where the time goes, memory, and
/// how far the inputs can be trusted.
std::string summary(const analysis::Result& result);

/// Words in lines of at most `width` columns.
std::string wrapped(const std::string& words, std::size_t width);

}  // namespace superpod::scenarios
