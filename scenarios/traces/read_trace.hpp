/// Requests that were recorded, from a file of any size.
#pragma once

#include <filesystem>

#include "models/serving/requests/requests.hpp"
#include "scenarios/text/mistakes.hpp"

namespace superpod::scenarios {

/// The first so many requests of a trace, or all of them. Lines that are empty or begin with `#` are nothing;
/// whether the others are a table with a header or JSON lines, the first of them says.
///
/// Notes what is wrong with a line, the first twenty of such lines in full: fields that are missing, a date
/// or a number that is none, a request without tokens or with more than any model holds, dates that run
/// backwards, more than a megabyte. Then the result is not to be used.
/// Throws std::runtime_error with the path when the file cannot be read.
/// Cost: 24 bytes a request and 8 a block, beside a block of the file; some 200 MB of text a second.
models::RecordedRequests read_trace(const std::filesystem::path& path, const models::TraceRequests& trace,
                                    Mistakes& mistakes);

}  // namespace superpod::scenarios
