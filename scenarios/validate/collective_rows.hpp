/// Rows of measured collectives within one scale-up domain.
#pragma once

#include "scenarios/text/library.hpp"
#include "scenarios/validate/simulated_rows.hpp"

namespace superpod::scenarios {

/// Whether a table has the columns of NCCL's collectives or of TensorRT-LLM's all-reduce in aiconfigurator,
/// or of HCCL's in its fork for Ascend.
bool has_collective_rows(const Csv& table);

/// The collective as a scenario, on the first NPUs of a node of the catalogue's system with that chip.
/// The size is that of the full vector of one rank, before all but an all-gather.
/// Throws Unpredictable for operations that are not simulated, and chips without such a system.
SimulatedRow collective_row(const Cells& cells, const Library& library);

}  // namespace superpod::scenarios
