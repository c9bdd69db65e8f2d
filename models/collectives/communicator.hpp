/// Who takes part in a collective, and the exchanges that all collectives are made of.
#pragma once

#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "sim/platform/task_graph.hpp"
#include "sim/values/units.hpp"
#include "topology/folding/folding.hpp"

namespace superpod::models {

/// For each rank of a communicator (in its order) the task that it must wait for; `at_once`: none.
using Front = std::vector<TaskId>;
inline constexpr TaskId at_once = -1;

/// Rank classes that communicate over some digits of the grid. Ranks that differ on other digits are in other
/// groups, which do the same at the same time.
class Communicator {
 public:
  /// `ranks` must hold, with each class, all classes that differ from it on `digits` only; `digits` innermost
  /// first.
  Communicator(topology::Folding& folding, std::vector<RankId> ranks, std::vector<int> digits);

  [[nodiscard]] topology::Folding& folding() const { return *folding_; }
  [[nodiscard]] const std::vector<RankId>& ranks() const { return ranks_; }
  [[nodiscard]] const std::vector<int>& digits() const { return digits_; }
  [[nodiscard]] int size() const;              ///< ranks in one group: the product of the digits' sizes
  [[nodiscard]] int size_of(int digit) const;  ///< of one digit of the grid
  [[nodiscard]] std::size_t position(RankId rank) const { return positions_[static_cast<std::size_t>(rank)]; }
  [[nodiscard]] Communicator along(int digit) const { return {*folding_, ranks_, {digit}}; }
  [[nodiscard]] Front start() const { return Front(ranks_.size(), at_once); }

 private:
  topology::Folding* folding_;
  std::vector<RankId> ranks_;
  std::vector<int> digits_;
  std::vector<std::size_t> positions_;  // [rank class]
};

/// Where the tasks of an exchange go, and what they are called.
struct Writer {
  TaskGraph& graph;
  LabelId label = -1;
  std::int32_t microbatch = -1;
};

/// How much a rank of one class sends to one of another: as much everywhere, or as both say (all-to-all-v).
/// Ranks of one class must be alike in it (topology::distinguish). Where it is nothing by what both say,
/// there is no message.
class Amount {
 public:
  using Between = std::function<Bytes(RankId from, RankId to)>;
  Amount(Bytes everywhere) : everywhere_{everywhere} {}      // NOLINT: the plain case reads as such
  Amount(Between between) : between_{std::move(between)} {}  // NOLINT
  [[nodiscard]] Bytes between(RankId from, RankId to) const {
    return between_ ? between_(from, to) : everywhere_;
  }
  [[nodiscard]] bool is_no_message(Bytes bytes) const { return between_ && bytes == Bytes{}; }

 private:
  Bytes everywhere_;
  Between between_;
};

/// Each rank sends `bytes` to every other rank of its group at once. A rank goes on when all that it sends
/// and all that is sent to it has arrived.
Front exchange_with_all(const Writer& to, const Communicator& group, const Amount& bytes, const Front& begin);

/// Each rank sends `bytes` to the rank that `peer` gives for its values; every rank must be the peer of one.
Front exchange_with_one(const Writer& to, const Communicator& group, const Amount& bytes, const Front& begin,
                        const std::function<topology::Values(topology::Values)>& peer);

/// Each rank sends `bytes` to the rank whose value of `digit` is `by` further (mod its size).
Front shift(const Writer& to, const Communicator& group, int digit, int by, const Amount& bytes,
            const Front& begin);

/// Each rank and the one whose value of `digit` differs by XOR `mask` send `bytes` to each other.
Front swap(const Writer& to, const Communicator& group, int digit, int mask, const Amount& bytes,
           const Front& begin);

}  // namespace superpod::models
