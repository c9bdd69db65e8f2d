/// Rows of measured training: model, system, gpus, precision, gbs, mbs, seq, fsdp, tp, pp, cp, vp, ep, and
/// tokens/s of one GPU, as NVIDIA's Megatron-Bridge publishes them.
#pragma once

#include <string>

#include "scenarios/text/library.hpp"
#include "scenarios/validate/simulated_rows.hpp"

namespace superpod::scenarios {

/// Whether a table has these columns.
bool has_training_rows(const Csv& table);

/// The step of pre-training that a row names, as a scenario. `model` and `system` are words of the source or
/// catalogue names. Ranks are laid as Megatron does: tensor innermost, then context, expert, data,
/// pipeline; context ranks gather keys and values at once, where Megatron by default passes them on while it
/// attends.
///
/// What the rows do not tell is the same for all: ZeRO-1; tokens go to experts in BF16; as little is
/// recomputed as fits into memory (none, selective, full). FP8 is scaled by blocks, as the simulated layers
/// are. Not simulated, and so refused: other phases than pre-training, FSDP, FP4.
/// Throws Unpredictable with what is missing, or with what does not fit the header.
SimulatedRow training_row(const Cells& cells, const Library& library);

}  // namespace superpod::scenarios
