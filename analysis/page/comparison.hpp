#pragma once

#include <string>

#include "analysis/result.hpp"

namespace superpod::analysis {

/// One HTML file that lays two results side by side, as self-contained as that of one: which answer is better
/// and whether that is sure, every figure of both with the difference, where the time goes in each, and what
/// differs in their inputs and scenarios. It uses no script but the one that makes tables sort.
std::string comparison_page(const Result& a, const Result& b);

}  // namespace superpod::analysis
