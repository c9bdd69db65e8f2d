/// One collective on an otherwise idle system.
#pragma once

#include <string>
#include <vector>

#include "models/asymmetry.hpp"
#include "models/collectives/collective.hpp"
#include "models/workloads/plan.hpp"
#include "sim/describe.hpp"
#include "topology/folding.hpp"
#include "topology/wiring.hpp"

namespace superpod::models {

struct CollectiveWorkload {
  Operation operation = Operation::all_reduce;
  Algorithm algorithm = Algorithm::automatic;
  Bytes size;
  std::vector<std::string> over;
  std::vector<int> root, destination;

  static constexpr std::string_view kind = "collective";
  static constexpr auto fields() {
    return std::tuple{
        required("operation", &CollectiveWorkload::operation, "what the ranks do together"),
        optional("algorithm", &CollectiveWorkload::algorithm,
                 "how; automatic: direct for all-to-all, else hierarchical"),
        required("size", &CollectiveWorkload::size,
                 "vector of one rank: before an all-reduce, reduce-scatter, all-to-all; after an all-gather, "
                 "broadcast",
                 positive),
        optional("over", &CollectiveWorkload::over,
                 "levels that a group spans; groups work at the same time; default: all levels"),
        optional("root", &CollectiveWorkload::root,
                 "address of the sender, outermost digit first; default: all zeros", not_negative),
        optional("destination", &CollectiveWorkload::destination,
                 "address of the receiver of a send_receive; default: the last rank", not_negative)};
  }
};

/// What does not fit together, each with the key it concerns (`algorithm`, `over.1`, ...).
std::vector<topology::Flaw> flaws(const CollectiveWorkload& workload, const topology::Fabric& fabric);

/// Throws std::invalid_argument with the first of its flaws, if there is any.
Plan plan(const CollectiveWorkload& workload, const topology::Wiring& wiring, Detail detail,
          const Asymmetry& asymmetry = {});

/// Ranks of one group.
double group_size(const CollectiveWorkload& workload, const topology::Fabric& fabric);

/// Size over time: what a user sees.
BytesPerSecond algorithm_bandwidth(const CollectiveWorkload& workload, Seconds time);

/// The algorithm bandwidth times what each rank must send at least for each byte of it: all-reduce 2 (p - 1) / p;
/// reduce-scatter, all-gather, all-to-all (p - 1) / p; broadcast, send_receive 1. Comparable with a link's bandwidth.
/// Source: NVIDIA nccl-tests, doc/PERFORMANCE.md ("Bus bandwidth").
BytesPerSecond bus_bandwidth(const CollectiveWorkload& workload, const topology::Fabric& fabric,
                             Seconds time);

}  // namespace superpod::models
