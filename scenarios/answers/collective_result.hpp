#pragma once

#include "analysis/result.hpp"
#include "models/collectives/workload.hpp"
#include "models/hardware/system.hpp"
#include "sim/platform/trace.hpp"

namespace superpod::scenarios {

/// The figures of a collective (`time_s`, `algorithm_bandwidth`, `bus_bandwidth`) and its verdict.
void add_collective(const models::CollectiveWorkload& workload, const models::System& system,
                    const Trace& trace, analysis::Result& result);

}  // namespace superpod::scenarios
