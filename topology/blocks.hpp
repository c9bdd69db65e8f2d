/// Blocks: parts of a system that for a while neither share links nor exchange data, as the pods of a cluster do between
/// two exchanges over the network that joins them.
///
/// A block is one combination of values of the grid's outermost digits. Blocks of one kind are alike, so one stands for
/// all; what is special within one block (a slow NPU, a dead link) refines the classes of that block only. Ten faults in
/// ten of 65 pods then cost eleven kinds of pods, and not eleven cells on each digit of all.
#pragma once

#include <vector>

#include "topology/grid.hpp"

namespace superpod::topology {

class Blocks {
 public:
  struct Kind {
    Grid grid;         ///< cells of the digits within a block; those of the block's own digits do not count
    double count = 1;  ///< blocks of this kind
    Values first{};    ///< the block digits of one of them
  };

  /// Blocks told apart by the first `digits` digits, all of one kind. None: the whole grid is one block.
  explicit Blocks(Grid grid, int digits = 0);

  [[nodiscard]] int digits() const { return digits_; }
  [[nodiscard]] const std::vector<Kind>& kinds() const { return kinds_; }
  [[nodiscard]] int kind_of(const Values& values) const {
    return kind_of_[static_cast<std::size_t>(block(values))];
  }

  /// The grid of the block at `values`, from now on a kind of its own.
  Grid& single_out(const Values& values);

  /// The blocks for which `differs(block digits)` holds become kinds of their own, one for each kind that they were of.
  template <class Differs>
  void set_apart(Differs&& differs) {
    const std::vector<int> before = kind_of_;
    std::vector<int> copy_of(kinds_.size(), absent);
    for (std::size_t b = 0; b < before.size(); ++b)
      if (differs(values_of_block(static_cast<int>(b)))) {
        int& copy = copy_of[static_cast<std::size_t>(before[b])];
        move_block(static_cast<int>(b), copy);
      }
    drop_empty_kinds();
  }

 private:
  [[nodiscard]] int block(const Values& values) const;
  [[nodiscard]] Values values_of_block(int block) const;
  void move_block(int block, int& kind);  ///< to a kind, or to a new one like its own if that is `absent`
  void drop_empty_kinds();

  int digits_;
  std::vector<Kind> kinds_;
  std::vector<int> kind_of_;  // [block]
};

}  // namespace superpod::topology
