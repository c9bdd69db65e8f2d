/// Collectives as task graphs, on any fabric and mapping. Closed forms for idle networks: closed_forms.hpp.
///
/// | algorithm        | steps                                                                               |
/// |------------------|-------------------------------------------------------------------------------------|
/// | ring             | digit by digit, innermost first; to the next rank, size - 1 times                   |
/// | halving_doubling | with the rank at XOR 1, 2, 4, ..., innermost first; sizes must be powers of two     |
/// | direct           | every rank with every other at once                                                 |
/// | hierarchical     | digit by digit: direct where all ranks of a digit are joined alike, else ring       |
///
/// Along a digit it is a *phase*: an all-reduce over three digits is three of reduce-scatter, and three of
/// all-gather.
///
/// Sizes follow NCCL: `size` is the vector that each rank holds before an all-reduce, reduce-scatter or
/// all-to-all, and after an all-gather or broadcast. The reduction itself hides behind the transfer.
///
/// Source: Thakur, Rabenseifner, Gropp, "Optimization of Collective Communication Operations in MPICH",
///         IJHPCA 19(1), 2005; Patarasuk & Yuan, JPDC 69(2), 2009 (ring).
#pragma once

#include <array>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "models/collectives/communicator.hpp"
#include "sim/values/units.hpp"

namespace superpod::models {

enum class Operation {
  all_reduce,
  reduce_scatter,
  all_gather,
  all_to_all,
  broadcast,
  send_receive,
  permutation
};

constexpr auto words(Operation) {
  using std::pair, std::string_view;
  return std::array{pair{string_view{"all_reduce"}, Operation::all_reduce},
                    pair{string_view{"reduce_scatter"}, Operation::reduce_scatter},
                    pair{string_view{"all_gather"}, Operation::all_gather},
                    pair{string_view{"all_to_all"}, Operation::all_to_all},
                    pair{string_view{"broadcast"}, Operation::broadcast},
                    pair{string_view{"send_receive"}, Operation::send_receive},
                    pair{string_view{"permutation"}, Operation::permutation}};
}

enum class Algorithm { automatic, ring, halving_doubling, direct, hierarchical };

constexpr auto words(Algorithm) {
  using std::pair, std::string_view;
  return std::array{pair{string_view{"automatic"}, Algorithm::automatic},
                    pair{string_view{"ring"}, Algorithm::ring},
                    pair{string_view{"halving_doubling"}, Algorithm::halving_doubling},
                    pair{string_view{"direct"}, Algorithm::direct},
                    pair{string_view{"hierarchical"}, Algorithm::hierarchical}};
}

/// What `automatic` stands for: direct for all-to-all, hierarchical for the others.
Algorithm resolved(Algorithm algorithm, Operation operation);

/// How a collective is done. In `chunks` equal parts of the vector it is a pipeline: a chunk enters a phase
/// when it has left the one before, and the chunk before it has left this one. Chunks on different levels
/// overlap; on links that two phases share, they compete.
struct Method {
  Algorithm algorithm = Algorithm::automatic;
  std::map<int, Algorithm> of_level;  ///< levels on which `hierarchical` uses this one
  int chunks = 1;

  Method() = default;
  Method(Algorithm for_all) : algorithm{for_all} {}  // NOLINT: most collectives need no more than that
};

/// Reduces the groups of `digits` to what the algorithm keeps. Call it for every collective before the grid
/// is folded. For a broadcast or send_receive the ends must be singled out as well.
void restrict_for(topology::Grid& grid, const topology::Wiring& wiring, const std::vector<int>& digits,
                  Operation operation, const Method& method);

Front all_reduce(const Writer& to, const Communicator& group, Bytes size, const Method& method,
                 const Front& begin);
Front reduce_scatter(const Writer& to, const Communicator& group, Bytes size, const Method& method,
                     const Front& begin);
Front all_gather(const Writer& to, const Communicator& group, Bytes size, const Method& method,
                 const Front& begin);

/// Rank r receives `load(r)` times as much as the mean of all; by place in the group (topology::place_of),
/// with a mean of 1; none: all receive the same. The grid must tell apart what receives unequally
/// (topology::distinguish).
Front all_to_all(const Writer& to, const Communicator& group, Bytes size, const Method& method,
                 const Front& begin, const std::vector<double>& load = {});

/// From the rank of each group whose digits have the values of `root`. Direct: the root sends to all.
/// Hierarchical: along one digit after the other, outermost first, each rank that has the data sends it
/// directly. Halving-doubling: a binomial tree along one digit after the other. A ring is refused with
/// std::invalid_argument.
Front broadcast(const Writer& to, const Communicator& group, Bytes size, const Method& method,
                const topology::Values& root, const Front& begin);

/// One message; both ends are classes of one rank.
Front send_receive(const Writer& to, const Communicator& group, Bytes size, RankId from, RankId dest,
                   const Front& begin);

/// Each rank sends `size` to the one whose values of the group's digits are `by` further, each modulo its
/// digit's size: a permutation of the ranks. Needs no more than rotations of the digits on which `by` is not
/// 0.
Front permute(const Writer& to, const Communicator& group, Bytes size, const topology::Values& by,
              const Front& begin);

}  // namespace superpod::models
