/// One request to a serving system, and many that were recorded.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/values/units.hpp"

namespace superpod::models {

/// A prompt to read and an answer to write. A plain value without a name: whoever follows a request keeps its
/// place in the order of arrivals.
struct Request {
  Seconds arrival;                            ///< since the first moment of the simulation
  int input_tokens = 1, output_tokens = 1;    ///< at least 1 each; the answer's first token counts
  std::uint32_t first_block = 0, blocks = 0;  ///< its prompt's in RecordedRequests::blocks; 0: not known
};
static_assert(sizeof(Request) == 24, "a stream makes tens of millions of them a second");

/// What a trace holds.
struct RecordedRequests {
  std::vector<Request> requests;  ///< by arrival, the first at 0
  /// The prompts' blocks of `block_tokens` tokens, one request's after the other's. Two prompts whose first n
  /// blocks are equal begin with the same tokens: what a cache holds of one serves the other.
  std::vector<std::uint64_t> blocks;
  int block_tokens = 0;       ///< 0: the trace has no blocks
  std::int64_t left_out = 0;  ///< rows of requests that failed
};

}  // namespace superpod::models
