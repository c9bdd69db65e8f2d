/// Folding: one rank, link and flow for each class of equal ones, exactly.
///
/// Each digit of a grid keeps a group of permutations of its values; their direct product G maps the wiring,
/// the routes and the workload onto themselves. Max-min fair rates are unique, so they are unchanged by G:
/// members of one orbit have equal rates at all times, and one member may stand for all. Orbits under a
/// direct product are products of the orbits of each digit, so a class and its size are found digit by digit,
/// whatever the number of ranks:
///
/// | a digit's group | orbits of a value | orbits of a pair (u, v)            |
/// |-----------------|-------------------|------------------------------------|
/// | all             | its cell          | the cells of u and v, and if u = v |
/// | rotations       | one               | v - u (mod size)                   |
/// | xors            | one               | u XOR v                            |
/// | none            | the value         | u, v                               |
///
/// A flow of class F crosses links of class l `times` times (shares of a flow count as such); with |F| flows
/// and |l| links of capacity C the capacity row of one such link, sum over F of |F| * times / |l| * rate(F)
/// <= C, is written for the whole class (sim/platform/platform.hpp).
/// Under the groups `none` the classes are the ranks, links and flows themselves: that platform is the full
/// one.
///
/// Where a system falls into blocks (topology/folding/blocks.hpp), each kind of block is folded by itself:
/// the permutations of equal blocks, with those of each block, are a group like G, whose orbits are those of
/// the kinds.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <unordered_map>
#include <vector>

#include "sim/platform/platform.hpp"
#include "topology/folding/blocks.hpp"
#include "topology/folding/grid.hpp"
#include "topology/folding/rank_classes.hpp"
#include "topology/routing/routes.hpp"

namespace superpod::topology {

/// Singles out the values of a link that is not like the others of its family; digits that are `absent` in
/// its key (degraded_units.hpp) stay whole.
void single_out(Grid& grid, const Wiring& wiring, const LinkKey& link);

class Folding final : public RankClasses {
 public:
  /// Adds a rank for each class, each with a compute device, to `platform`, which must be empty. Degraded
  /// links that are crossed must be singled out in `blocks`. `routes` and `platform` must outlive the
  /// folding.
  Folding(const Routes& routes, Blocks blocks, Platform& platform);

  /// Other classes of the same ranks, for exchanges that cross links of their own: in the platform that
  /// `of_ranks` builds, their routes count for all of its ranks that take part.
  Folding(const Routes& routes, Blocks blocks, const Folding& of_ranks);

  [[nodiscard]] const Grid& grid() const override { return blocks_.kinds().front().grid; }
  [[nodiscard]] int block_digits() const override { return blocks_.digits(); }
  [[nodiscard]] bool joined_alike(int digit) const override;
  [[nodiscard]] bool innermost(int digit) const override;
  [[nodiscard]] const Wiring& wiring() const { return routes_.wiring(); }
  [[nodiscard]] double size(RankId rank) const { return sizes_[static_cast<std::size_t>(rank)]; }
  [[nodiscard]] RankId class_of(const Values& values) const override;

  /// Throws std::logic_error when the grid's groups would map this message to another one that the workload
  /// does not send (a ring over a digit that keeps all permutations): `restrict` the digit first.
  RouteId route(RankId from, const Values& to) override;

  /// Routes over the same classes of links are one class.
  const std::vector<RouteId>& routes_to_all(RankId from, std::span<const int> digits) override;

 private:
  struct Label {  // of a link class
    std::vector<int> digits;
    double members = 1;
  };
  struct Peer {
    Values to;
    double count;
  };
  struct Orbit {  // of a value, or of a pair of values that flows and links join
    std::array<int, 2> label{};
    double members = 1;
  };
  void number_classes();
  [[nodiscard]] bool lies_within_a_block(const LinkFamily& family) const;
  [[nodiscard]] Orbit orbit_of(int kind, std::size_t digit, int value) const;
  [[nodiscard]] Orbit orbit_of(int kind, std::size_t digit, int from, int to) const;
  [[nodiscard]] bool tells_blocks_apart(std::size_t digit) const {
    return digit < static_cast<std::size_t>(blocks_.digits());
  }
  RouteId route(RankId from, const Values& to, double peers);
  std::vector<Peer> peers(RankId from, std::span<const int> digits) const;
  [[nodiscard]] Label label(const LinkKey& key) const;
  LinkId link(const LinkKey& key);

  struct Hash {
    std::size_t operator()(const std::vector<int>& label) const;
  };
  using RouteKey =
      std::pair<std::pair<RankId, RankId>, std::vector<double>>;  // ends; latency, peers, (link, times)...

  struct KindClasses {
    int first = 0;                                 // rank class
    std::vector<std::vector<int>> first_of_class;  // [digit][class of its values] the first value
  };
  const Routes& routes_;
  Blocks blocks_;
  std::vector<KindClasses> kinds_;
  std::vector<double> sizes_;               // [rank class]
  std::vector<std::vector<RankId>> ranks_;  // [rank class] of the platform, if these are another folding's
  std::map<std::vector<int>, std::vector<double>> share_of_;  // of the degraded links of a label
  std::unordered_map<std::vector<int>, LinkId, Hash> links_;
  std::map<RouteKey, RouteId> route_ids_;
  std::map<std::pair<RankId, std::vector<int>>, std::vector<RouteId>> routes_to_all_;
};

}  // namespace superpod::topology
