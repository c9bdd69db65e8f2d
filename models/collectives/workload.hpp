/// One collective on an otherwise idle system.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/collectives/collective.hpp"
#include "models/faults/asymmetry.hpp"
#include "models/work/work.hpp"
#include "sim/values/describe.hpp"
#include "topology/fabric/wiring.hpp"
#include "topology/folding/folding.hpp"

namespace superpod::models {

struct CollectiveWorkload {
  Operation operation = Operation::all_reduce;
  Algorithm algorithm = Algorithm::automatic;
  std::map<std::string, Algorithm> algorithm_of;
  int chunks = 1;
  Bytes size;
  std::vector<std::string> over;
  std::vector<int> root, destination, by;
  std::vector<double> loads;
  double load_exponent = 0;

  static constexpr std::string_view kind = "collective";
  static constexpr auto fields() {
    return std::tuple{
        required("operation", &CollectiveWorkload::operation, "what the ranks do together"),
        optional("algorithm", &CollectiveWorkload::algorithm,
                 "how; automatic: direct for all-to-all, else hierarchical"),
        optional("algorithm_of", &CollectiveWorkload::algorithm_of,
                 "levels on which a hierarchical collective goes another way, e.g. {board: ring}"),
        optional("chunks", &CollectiveWorkload::chunks,
                 "equal parts of the vector that pass through the levels one after the other, so that levels "
                 "overlap",
                 between(1, 65536)),
        required("size", &CollectiveWorkload::size,
                 "vector of one rank: before an all-reduce, reduce-scatter, all-to-all; after an all-gather, "
                 "broadcast",
                 positive),
        optional("over", &CollectiveWorkload::over,
                 "levels that a group spans; groups work at the same time; default: all levels"),
        optional("root", &CollectiveWorkload::root,
                 "address of the sender, outermost digit first; default: all zeros", address_digit),
        optional("destination", &CollectiveWorkload::destination,
                 "address of the receiver of a send_receive; default: the last rank", address_digit),
        optional("by", &CollectiveWorkload::by,
                 "permutation: how much further on each level, outermost first, the NPU is to which each "
                 "sends; counted around",
                 address_digit),
        optional("loads", &CollectiveWorkload::loads,
                 "all_to_all: what each rank of a group receives, innermost level first; only their ratios "
                 "count; each "
                 "sends `size` in all; default: all receive the same",
                 not_negative),
        optional("load_exponent", &CollectiveWorkload::load_exponent,
                 "all_to_all, instead of `loads`: the i-th rank of a group receives in proportion to "
                 "i^-load_exponent",
                 Range{.low = 0, .high = 8})};
  }
};

/// What does not fit together, or means nothing to the operation, each with the key it concerns (`algorithm`,
/// `over.1`, ...).
std::vector<topology::Flaw> flaws(const CollectiveWorkload& workload, const topology::Fabric& fabric);

/// Throws std::invalid_argument with the first of its flaws, if there is any.
Work plan(const CollectiveWorkload& workload, const topology::Wiring& wiring, Detail detail,
          const Asymmetry& asymmetry = {});

/// What each rank of a group receives, relative to the mean, by place (topology::place_of); none: all the
/// same.
std::vector<double> loads(const CollectiveWorkload& workload, const topology::Fabric& fabric);

/// The levels of a group, innermost first; one digit of the grid each. Levels of one NPU take no part.
std::vector<int> digits_of(const CollectiveWorkload& workload, const topology::Fabric& fabric);

/// What is asked of the ranks, as digits of `fabric`.
Asked asked(const CollectiveWorkload& workload, const topology::Fabric& fabric);

/// Ranks of one group.
double group_size(const CollectiveWorkload& workload, const topology::Fabric& fabric);

/// Size over time: what a user sees.
BytesPerSecond algorithm_bandwidth(const CollectiveWorkload& workload, Seconds time);

/// The algorithm bandwidth times what each rank must send at least for each byte of it
/// (OperationKind::bytes_to_send), on average over ranks. Comparable with a link's bandwidth.
/// Source: NVIDIA nccl-tests, doc/PERFORMANCE.md ("Bus bandwidth").
BytesPerSecond bus_bandwidth(const CollectiveWorkload& workload, const topology::Fabric& fabric,
                             Seconds time);

}  // namespace superpod::models
