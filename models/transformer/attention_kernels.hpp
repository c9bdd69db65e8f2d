/// What attention of each kind adds to a pass over its block. Used by layer_kernels.cpp only.
#pragma once

#include "models/transformer/llm.hpp"
#include "models/transformer/pass.hpp"
#include "models/transformer/slice.hpp"

namespace superpod::models {

/// From the first projection to the last; the norm before and the residual after it are the block's.
void add_attention(Pass& pass, const Llm& llm, const Slice& slice);

}  // namespace superpod::models
