/// Who takes part in a collective, and the exchanges that all collectives are made of.
#pragma once

#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "sim/platform/task_graph.hpp"
#include "sim/values/units.hpp"
#include "topology/folding/rank_classes.hpp"

namespace superpod::models {

/// For each rank of a group (in its order) the task that it must wait for; `at_once`: none.
using Front = std::vector<TaskId>;
inline constexpr TaskId at_once = -1;

/// Rank classes that communicate over some digits of the grid, on levels or on a graph (RankClasses). Ranks
/// that differ on other digits are in other groups, which do the same at the same time.
class Group {
 public:
  /// `ranks` must hold, with each class, all classes that differ from it on `digits` only; `digits` innermost
  /// first.
  Group(topology::RankClasses& classes, std::vector<RankId> ranks, std::vector<int> digits);

  [[nodiscard]] topology::RankClasses& classes() const { return *classes_; }
  [[nodiscard]] const std::vector<RankId>& ranks() const { return ranks_; }
  [[nodiscard]] const std::vector<int>& digits() const { return digits_; }
  [[nodiscard]] int size() const;              ///< ranks in one group: the product of the digits' sizes
  [[nodiscard]] int size_of(int digit) const;  ///< of one digit of the grid
  [[nodiscard]] std::size_t position(RankId rank) const { return positions_[static_cast<std::size_t>(rank)]; }
  [[nodiscard]] Group along(int digit) const { return {*classes_, ranks_, {digit}}; }
  [[nodiscard]] Front start() const { return Front(ranks_.size(), at_once); }

 private:
  topology::RankClasses* classes_;
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

/// One exchange of a group: who begins when, and where its tasks go.
struct Exchange {
  const Writer& to;
  const Group& group;
  const Front& begin;

  /// Each rank sends `bytes` to every other rank of its group at once. A rank goes on when all that it sends
  /// and all that is sent to it has arrived.
  [[nodiscard]] Front with_all(const Amount& bytes) const;

  /// Each rank sends `bytes` to the rank that `peer` gives for its values; every rank must be the peer of
  /// one.
  [[nodiscard]] Front with_one(const Amount& bytes,
                               const std::function<topology::Values(topology::Values)>& peer) const;

  /// Each rank sends `bytes` to the rank whose value of `digit` is `by` further (mod its size).
  [[nodiscard]] Front shift(int digit, int by, const Amount& bytes) const;

  /// Each rank and the one whose value of `digit` differs by XOR `mask` send `bytes` to each other.
  [[nodiscard]] Front swap(int digit, int mask, const Amount& bytes) const;

  /// Each rank sends `bytes` over the routes that `routes_of` gives for it; most have none.
  [[nodiscard]] Front send(Bytes bytes, const std::function<std::vector<RouteId>(RankId)>& routes_of) const;
};

}  // namespace superpod::models
