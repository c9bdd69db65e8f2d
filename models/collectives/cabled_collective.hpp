/// One collective on a fabric that is known cable by cable (topology/cabling/cabling.hpp): every rank, link
/// and flow.
///
/// All NPUs take part, as one group. They have no levels to follow: `automatic` is what the operation names
/// for a graph (direct for an all-to-all, a tree for a broadcast, a ring for the others). An address has one
/// digit, the rank: NPUs are counted as the cabling lists them, whatever the order in which algorithms go
/// from one to the next.
#pragma once

#include <vector>

#include "models/collectives/workload.hpp"
#include "models/work/work.hpp"
#include "topology/cabling/cabling.hpp"

namespace superpod::models {

/// The NPUs as the one level that a cabling has, all joined alike: for what looks at numbers and places only.
topology::Fabric one_level(const topology::Cabling& cabling, Seconds endpoint_latency);

/// What does not fit together, each with the key it concerns.
std::vector<topology::Flaw> flaws(const CollectiveWorkload& workload, const topology::Cabling& cabling);

/// The workload with the algorithm that `automatic` stands for here.
CollectiveWorkload on_cabling(CollectiveWorkload workload);

/// `endpoint_latency` is paid once by each message; `order` says which NPU stands at each place of rings and
/// trees: none: as they are listed. Throws std::invalid_argument with the first flaw, if there is any;
/// topology::Unreachable with the names of two NPUs that must exchange bytes and cannot.
Work plan(const CollectiveWorkload& workload, const topology::Cabling& cabling, Seconds endpoint_latency,
          std::vector<int> order = {});

/// Throws topology::Unreachable as `plan` would, without planning what all send to all.
void require_ways(const CollectiveWorkload& workload, const topology::Cabling& cabling);

/// Whether the order matters: whoever goes from one to the next does not go to all at once.
bool follows_order(const CollectiveWorkload& workload);

}  // namespace superpod::models
