/// What the forward pass keeps in memory for the backward pass.
#pragma once

#include <string_view>
#include <vector>

#include "models/transformer/blocks.hpp"
#include "models/transformer/layer_kernels.hpp"
#include "models/transformer/llm.hpp"
#include "models/transformer/slice.hpp"

namespace superpod::models {

struct SavedTensor {
  std::string_view name;  ///< static words
  Bytes bytes;            ///< on one rank, for one microbatch
};

/// The tensors that one block keeps for each microbatch in flight.
///
/// Inputs of linear layers and of activation functions are kept as the GEMMs read them (FP8 with scales,
/// where GEMMs are FP8); what enters a norm or attention in its own precision. Gathered copies of
/// sequence-parallel tensors are not kept. With `full`, attention keeps the layer's input and the rest of the
/// layer nothing; head and embedding are never recomputed.
/// Compressed attention is that of the mean layer.
/// Leaves out: dropout masks, token ids, workspaces, communication buffers, fragmentation, further streams of
/// hyper-connections.
/// Assumes: the gate's weight is applied with the activation function, so the experts' results need not be
/// kept.
/// Source: Korthikanti et al., arXiv 2205.05198, section 4 (34 sbh less 2 sbh of dropout masks, without the
///         quadratic term, which fused attention does not keep); DeepSeek-V3, arXiv 2412.19437, sections
///         3.2.3 and 3.3.3.
std::vector<SavedTensor> saved_tensors(const Llm& llm, const Slice& slice, Block block, Recompute recompute);

/// Their sum.
Bytes saved_activations(const Llm& llm, const Slice& slice, Block block, Recompute recompute);

}  // namespace superpod::models
