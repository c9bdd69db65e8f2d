/// Blocks: parts of a system that for a while neither share links nor exchange data, as the pods of a cluster
/// do between two exchanges over the network that joins them.
///
/// A block is one combination of values of the grid's outermost digits. Blocks of one kind are alike, so one
/// stands for all; what is special within one block (a slow NPU, a dead link) refines the classes of that
/// block only. Ten faults in ten of 65 pods then cost eleven kinds of pods, and not eleven cells on each
/// digit of all.
#pragma once

#include <functional>
#include <vector>

#include "topology/folding/grid.hpp"

namespace superpod::topology {

class Blocks {
 public:
  struct Kind {
    Grid grid;         ///< cells of the digits within a block; those of the block's own digits do not count
    double count = 1;  ///< blocks of this kind
    Values first{};    ///< the block digits of one of them
  };

  enum class Alike { all, none };  ///< of one kind, or each of its own
  /// Blocks told apart by the first `digits` digits. None: the whole grid is one block.
  explicit Blocks(Grid grid, int digits = 0, Alike alike = Alike::all);

  [[nodiscard]] int digits() const { return digits_; }
  [[nodiscard]] const std::vector<Kind>& kinds() const { return kinds_; }
  [[nodiscard]] int kind_of(const Values& values) const {
    return kind_of_[static_cast<std::size_t>(block(values))];
  }

  /// Makes kinds of their own of the blocks that something `concerns` (told by their block digits), and
  /// changes their grids.
  void refine(const std::function<bool(const Values&)>& concerns,
              const std::function<void(Grid&)>& change = {});

 private:
  [[nodiscard]] int block(const Values& values) const;
  [[nodiscard]] Values values_of(int block) const;
  void drop_empty_kinds();

  int digits_;
  std::vector<Kind> kinds_;
  std::vector<int> kind_of_;  // [block]
};

}  // namespace superpod::topology
