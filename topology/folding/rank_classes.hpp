/// Who can take part in a collective, and the routes between them, whatever the fabric is known as.
///
/// Ranks stand at the places of a grid and come in classes that one rank stands for. Two kinds of fabrics
/// give them: levels, whose symmetry folds them (folding.hpp), and graphs, where each NPU is a class of its
/// own (topology/cabling/cabled_ranks.hpp). What is written over this face works on both.
#pragma once

#include <span>
#include <vector>

#include "sim/platform/platform.hpp"
#include "topology/folding/grid.hpp"

namespace superpod::topology {

/// Builds a platform as it is asked for routes: only links that are crossed are in it.
class RankClasses {
 public:
  virtual ~RankClasses() = default;
  RankClasses(const RankClasses&) = delete;
  RankClasses& operator=(const RankClasses&) = delete;

  [[nodiscard]] virtual const Grid& grid() const = 0;  ///< for sizes and levels

  [[nodiscard]] int classes() const { return static_cast<int>(representatives_.size()); }
  [[nodiscard]] const Values& representative(RankId rank) const {
    return representatives_[static_cast<std::size_t>(rank)];
  }
  [[nodiscard]] virtual RankId class_of(const Values& values) const = 0;

  /// Whether all ranks that differ on a digit only are joined alike, so that none is nearer than another.
  [[nodiscard]] virtual bool joined_alike(int digit) const = 0;

  /// Outermost digits that tell blocks apart (blocks.hpp).
  [[nodiscard]] virtual int block_digits() const { return 0; }

  /// Whether a digit's ranks are joined by the innermost network, as the NPUs of a node are.
  [[nodiscard]] virtual bool innermost(int digit) const = 0;

  /// The route class from each rank of a class to the rank that stands to it as `to` stands to its
  /// representative.
  virtual RouteId route(RankId from, const Values& to) = 0;

  /// To every rank that differs from the sender on some of `digits` and on no other digit.
  virtual const std::vector<RouteId>& routes_to_all(RankId from, std::span<const int> digits) = 0;

  /// The class of the ranks at the end of a route.
  [[nodiscard]] RankId receiver(RouteId route) const { return receivers_[static_cast<std::size_t>(route)]; }

  /// Ranks, one compute device for each, and the links and routes asked for so far.
  [[nodiscard]] const Platform& platform() const { return platform_; }

 protected:
  explicit RankClasses(Platform& platform) : platform_{platform} {}

  std::vector<Values> representatives_;  // [rank class]
  std::vector<RankId> receivers_;        // [route of the platform]; absent: a route of another folding
  Platform& platform_;
};

}  // namespace superpod::topology
