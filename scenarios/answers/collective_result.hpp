/// What a collective's run found, and its result.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "analysis/result.hpp"
#include "models/collectives/workload.hpp"
#include "models/hardware/system.hpp"
#include "scenarios/answers/extent.hpp"
#include "scenarios/answers/faults_result.hpp"
#include "scenarios/answers/network_result.hpp"
#include "scenarios/answers/traffic.hpp"
#include "sim/values/units.hpp"

namespace superpod::scenarios {

struct CollectiveAnswer {
  Extent extent;
  std::string system;
  models::CollectiveWorkload workload;
  Seconds time;  ///< from the start on all ranks to the end on the last
  BytesPerSecond algorithm_bandwidth, bus_bandwidth;
  double group_size = 0;  ///< ranks that exchange data with each other
  Traffic traffic;
  std::optional<std::size_t> ranks_folded;  ///< of a graph that was folded after planning: ranks before
  std::optional<Network> network;           ///< none: a graph has no levels
  std::optional<FaultList> faults;          ///< none: the system is whole
  std::optional<Slowdown> slowdown;
};

/// Without the network, and without faults: whoever runs it knows these.
CollectiveAnswer collective_answer(const models::CollectiveWorkload& workload, const models::System& system,
                                   const models::Work& work, const Trace& trace);

/// Figures and tables in this order: size of the run, time and bandwidths, links, the network, faults.
analysis::Result result_of(const CollectiveAnswer& answer);

}  // namespace superpod::scenarios
