/// How a collective is done: an algorithm is a file of this folder, and a word in list.cpp.
///
/// | algorithm        | steps                                                                               |
/// |------------------|-------------------------------------------------------------------------------------|
/// | ring             | along one digit after the other, innermost first; to the next rank, size - 1 times  |
/// | halving_doubling | with the rank at XOR 1, 2, 4, ..., innermost first; sizes must be powers of two     |
/// | direct           | every rank with every other at once                                                 |
/// | hierarchical     | along one digit after the other: direct where all ranks are joined alike, else ring |
///
/// Along a digit it is a *leg*: an all-reduce over three digits is three of reduce-scatter, and three of
/// all-gather. Sizes follow NCCL: `size` is the vector that each rank holds before an all-reduce,
/// reduce-scatter or all-to-all, and after an all-gather or broadcast. The reduction itself hides behind the
/// transfer.
///
/// Source: Thakur, Rabenseifner, Gropp, "Optimization of Collective Communication Operations in MPICH",
/// IJHPCA 19(1), 2005;
///         Patarasuk & Yuan, JPDC 69(2), 2009 (ring).
#pragma once

#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "models/collectives/group/chunks.hpp"
#include "models/collectives/group/group.hpp"
#include "sim/values/units.hpp"
#include "topology/folding/grid.hpp"

namespace superpod::models {

struct Recipe;

/// Which algorithm: the word of a scenario, and behind it what is done.
class Algorithm {
 public:
  constexpr Algorithm();  ///< automatic
  constexpr explicit Algorithm(const Recipe& recipe) : recipe_{&recipe} {}
  [[nodiscard]] const Recipe& recipe() const { return *recipe_; }
  [[nodiscard]] std::string_view word() const;
  friend bool operator==(const Algorithm&, const Algorithm&) = default;

  static const Algorithm automatic, ring, halving_doubling, direct, hierarchical;

 private:
  const Recipe* recipe_;
};

/// [word, algorithm] of all that a scenario can name (list.cpp).
std::vector<std::pair<std::string_view, Algorithm>> words(Algorithm);

/// In `chunks` equal parts of the vector a collective is a pipeline (chunks.hpp). Chunks on different levels
/// overlap; on links that two legs share, they compete.
struct Method {
  Algorithm algorithm;
  std::map<int, Algorithm> of_level;  ///< levels on which `hierarchical` uses this one
  int chunks = 1;

  Method() = default;
  Method(Algorithm for_all) : algorithm{for_all} {}  // NOLINT: most collectives need no more than that
};

/// A group with what it is to do, and how. `to` and `group` must outlive it.
struct Collective {
  const Writer& to;
  const Group& group;
  Method method = {};

  /// Each appends the tasks of one operation, from when each rank may begin to when it has ended.
  [[nodiscard]] Front all_reduce(Bytes size, const Front& begin) const;
  [[nodiscard]] Front reduce_scatter(Bytes size, const Front& begin) const;
  [[nodiscard]] Front all_gather(Bytes size, const Front& begin) const;

  /// Rank r receives `load(r)` times as much as the mean of all; by place in the group (topology::place_of),
  /// with a mean of 1; none: all receive the same. The grid must tell apart what receives unequally
  /// (topology::distinguish).
  [[nodiscard]] Front all_to_all(Bytes size, const Front& begin, const std::vector<double>& load = {}) const;

  /// From the rank of each group whose digits have the values of `root`. Direct: the root sends to all.
  /// Hierarchical: along one digit after the other, outermost first, each rank that has the data sends it
  /// directly. Halving-doubling: a binomial tree along one digit after the other. A ring is refused with
  /// std::invalid_argument.
  [[nodiscard]] Front broadcast(Bytes size, const topology::Values& root, const Front& begin) const;
};

/// One digit of a group along which its ranks work with each other.
struct Line {
  const Writer& to;
  const Group& group;
  int digit = 0;

  [[nodiscard]] int ranks() const { return group.size_of(digit); }
  [[nodiscard]] int before() const;  ///< ranks of a group that agree on the digits from this one on
  [[nodiscard]] Exchange from(const Front& begin) const { return {to, group, begin}; }
};

/// What each rank holds for the others in an all-to-all: `size` in all; `load` as in Collective.
struct Parcels {
  Bytes size;
  const std::vector<double>& load;

  /// `even`, or what takes its place (passed_on.hpp).
  [[nodiscard]] Amount amount(const Group& group, Bytes even, int before, int after) const;
};

/// Who has the data of a broadcast before it goes along a digit: the ranks whose values on all of `open`
/// digits are the root's.
struct Spread {
  Bytes size;
  const topology::Values& root;
  std::vector<int> open;

  [[nodiscard]] bool holds(const topology::Values& values) const;
};

/// What an algorithm does along one digit. Null: it has no such operation.
struct AlongDigit {
  Front (*reduce_scatter)(const Line&, Bytes before, Front) = nullptr;
  Front (*all_gather)(const Line&, Bytes after, Front) = nullptr;
  Front (*all_to_all)(const Line&, const Parcels&, Front) = nullptr;
  Front (*broadcast)(const Line&, const Spread&, Front) = nullptr;
  topology::Digit::Group keeps = topology::Digit::Group::all;  ///< symmetry of the digit
  topology::Digit::Group broadcast_keeps = topology::Digit::Group::all;
  bool only_powers_of_two = false;  ///< ranks; a broadcast goes with any number
  double (*messages)(double ranks) = [](double ranks) { return ranks - 1; };  ///< of a rank, one way
};

/// An algorithm: what it does along one digit, or else with the whole group.
struct Recipe {
  std::string_view word;
  AlongDigit along = {};
  bool at_once = false;  ///< the whole group in one leg: it does not go from level to level

  /// Which one it uses on a level whose ranks are joined alike or not; null: itself.
  const Recipe& (*on_level)(const Method&, int level, bool joined_alike) = nullptr;

  /// The legs of a chunk, where it does not go along one digit after the other; here it may look at the
  /// size, the ranks and the routes between them (Collective::group) to choose.
  Legs (*all_reduce)(const Collective&, Bytes size) = nullptr;
  Legs (*reduce_scatter)(const Collective&, Bytes size) = nullptr;
  Legs (*all_gather)(const Collective&, Bytes size) = nullptr;
  Legs (*all_to_all)(const Collective&, const Parcels&) = nullptr;
  Legs (*broadcast)(const Collective&, const Spread&) = nullptr;
};

namespace recipes {
extern const Recipe automatic, ring, halving_doubling, direct, hierarchical;
}

constexpr Algorithm::Algorithm() : recipe_{&recipes::automatic} {}
inline constexpr Algorithm Algorithm::automatic{recipes::automatic}, Algorithm::ring{recipes::ring},
    Algorithm::halving_doubling{recipes::halving_doubling}, Algorithm::direct{recipes::direct},
    Algorithm::hierarchical{recipes::hierarchical};

/// The recipe that a method follows along one digit: what `hierarchical` does hangs on the wiring, not on how
/// far the grid is folded.
const Recipe& on_level(const Method& method, int level, bool joined_alike);

/// The legs of one operation, level by level or as the recipe says.
Legs all_reduce_legs(const Collective& of, Bytes size);
Legs reduce_scatter_legs(const Collective& of, Bytes size);
Legs all_gather_legs(const Collective& of, Bytes size);
Legs all_to_all_legs(const Collective& of, const Parcels& parcels);
Legs broadcast_legs(const Collective& of, const Spread& spread);

}  // namespace superpod::models
