/// The NPUs of a graph as ranks: each a class of its own, at a place of its own.
#pragma once

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "topology/cabling/cabling.hpp"
#include "topology/cabling/cabling_routes.hpp"
#include "topology/folding/rank_classes.hpp"

namespace superpod::topology {

/// Places are counted along the one level that a graph has; a grid may part them into digits. Class, rank and
/// place are one number.
class CabledRanks final : public RankClasses {
 public:
  struct Setting {
    const Cabling& cabling;
    Seconds endpoint_latency;  ///< paid once by each message
    std::vector<int> order;    ///< [place] which of the cabling's NPUs stands there
    /// Before anything broke: which ranks are joined alike is how the fabric was built, and stays so.
    const Cabling* built = nullptr;  ///< null: the cabling itself
  };

  /// Adds a rank for each NPU, with a compute device, to `platform`, which must be empty. `grid` has as many
  /// places as there are NPUs. `of.cabling` and `platform` must outlive the ranks.
  CabledRanks(Setting of, Grid grid, Platform& platform);

  [[nodiscard]] const Grid& grid() const override { return grid_; }
  [[nodiscard]] RankId class_of(const Values& values) const override;

  /// Whether the ways between all ranks that differ on the digit only have equally many links, of the same
  /// bandwidths, and equal latencies, as built. Cost: O(all of these ways), once.
  [[nodiscard]] bool joined_alike(int digit) const override;

  /// A graph has no networks that one could tell from others: all its NPUs are of one.
  [[nodiscard]] bool innermost(int /*digit*/) const override { return true; }

  /// Throws Unreachable with the names of the two NPUs when there is no way.
  RouteId route(RankId from, const Values& to) override;

  const std::vector<RouteId>& routes_to_all(RankId from, std::span<const int> digits) override;

 private:
  [[nodiscard]] int node(RankId rank) const;
  [[nodiscard]] std::vector<RankId> peers(RankId from, std::span<const int> digits) const;
  [[nodiscard]] bool ways_are_alike(int digit) const;
  RouteId route_between(RankId from, RankId to);
  LinkId link(int number);
  [[nodiscard]] std::string name(const Cabling::Link& link) const;

  Setting of_;
  Grid grid_;
  std::vector<int> npus_;  // nodes
  CablingRoutes routes_;
  mutable std::map<int, bool> alike_;  // [digit]
  std::vector<LinkId> link_ids_;       // [link of the cabling]
  std::map<std::pair<RankId, RankId>, RouteId> route_ids_;
  std::map<std::pair<RankId, std::vector<int>>, std::vector<RouteId>> routes_to_all_;
};

/// All places as one digit without symmetry, called `npu`.
Grid places_of(int npus);

}  // namespace superpod::topology
