/// One collective on a fabric that is known cable by cable (topology/cabling/cabling.hpp): every rank, link
/// and flow.
///
/// All NPUs take part, as one group, in the order of the file. They have no levels to follow: `automatic` is
/// direct for an all-to-all, a tree (halving_doubling) for a broadcast and a ring for the others. An address
/// has one digit, the rank.
#pragma once

#include <vector>

#include "models/collectives/workload.hpp"
#include "models/work/work.hpp"
#include "topology/cabling/cabling.hpp"

namespace superpod::models {

/// The NPUs as the one level that a cabling has, without networks.
topology::Fabric one_level(const topology::Cabling& cabling, Seconds endpoint_latency);

/// What does not fit together, each with the key it concerns.
std::vector<topology::Flaw> flaws(const CollectiveWorkload& workload, const topology::Cabling& cabling);

/// The workload with the algorithm that `automatic` stands for here.
CollectiveWorkload on_cabling(CollectiveWorkload workload);

/// `endpoint_latency` is paid once by each message. Throws std::invalid_argument with the first flaw, if
/// there is any; topology::Unreachable with the names of two NPUs that must exchange bytes and cannot.
Work plan(const CollectiveWorkload& workload, const topology::Cabling& cabling, Seconds endpoint_latency);

}  // namespace superpod::models
