#pragma once

#include <string>

#include "analysis/result.hpp"

namespace superpod::analysis {

/// What the cluster is made of, item by item, with sums. Empty when the result has no bill.
std::string bill_section(const Result& result);

}  // namespace superpod::analysis
