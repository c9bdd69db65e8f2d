#pragma once

#include <string>

#include "analysis/result.hpp"

namespace superpod::analysis {

/// One HTML file that shows a result: the answer first, then where its time, bytes and memory go, then every
/// input with its source. It needs no network and no other file; all but the two charts over time can be read
/// without scripts.
///
/// A section whose tables the result lacks is left out, and a table that no section knows is shown as it is.
/// The same result gives the same bytes. Throws std::logic_error when `check(result)` does.
std::string page(const Result& result);

}  // namespace superpod::analysis
