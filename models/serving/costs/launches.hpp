/// What a block's kernels take on an engine, which launches fewer than a model has.
#pragma once

#include <vector>

#include "models/hardware/chip.hpp"
#include "models/kernels/kernel.hpp"
#include "models/transformer/blocks.hpp"

namespace superpod::models {

/// Engines replay a graph of fused kernels. Vector kernels that follow each other are one launch, which moves
/// what the largest of them moves: residual, norm and quantisation; rotary embedding and the append to the
/// cache. A block's last ones are fused with the first of the next. Before a block-scaled product, and around
/// the routed experts, they are no launch at all: tables of these contain quantisation, permutation and
/// activation (models/calibration). Products of all heads of an attention are one batched GEMM, not the
/// grouped one of experts.
/// Leaves out: norms fused with all-reduces, shared experts on a stream of their own, programmatic launches
/// that begin before the kernel before has ended.
/// Source: vLLM (fusion passes), TensorRT-LLM and SGLang (fused_add_rmsnorm, silu_and_mul with quantisation).
Seconds launched_time(Block block, std::vector<Kernel> kernels, const Chip& chip);

}  // namespace superpod::models
