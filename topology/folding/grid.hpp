/// Ranks as a mapping sees them: a grid whose digits are the fabric's levels, or parts of them.
///
/// A level of 128 cabinets may be split into 8 data-parallel groups of 16 pipeline stages: two digits of one
/// level, the outer with stride 16. Each digit keeps a group of permutations of its values that leaves
/// everything as it is: the wiring, the routes, and what the workload does. Their direct product folds the
/// grid (topology/folding/folding.hpp).
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "topology/fabric/wiring.hpp"

namespace superpod::topology {

inline constexpr int max_digits = 12;
using Values = std::array<int, max_digits>;  ///< [digit]; what lies beyond the grid's digits is 0

struct Digit {
  /// The permutations of a digit's values under which nothing changes.
  enum class Group {
    all,        ///< every permutation that keeps each value in its cell
    rotations,  ///< v -> v + k (mod size)
    xors,       ///< v -> v XOR k; size is a power of two
    none,       ///< only the identity: each value is a class of its own
  };
  std::string name;  ///< what the mapping uses it for: `pipeline`, `data`, or the level's name
  int level = 0;
  int size = 1;
  int stride = 1;  ///< on the level: the level's digit is the sum of value * stride over its parts
  Group group = Group::all;
  std::vector<int>
      cell;  ///< [value] for `all`: values that were singled out have cells of their own; empty: one cell

  [[nodiscard]] int value_in(const Address& address) const {
    return address[static_cast<std::size_t>(level)] / stride % size;
  }
};

using Grid = std::vector<Digit>;  ///< outermost first; digits of a level are neighbours

/// One digit for each level, with all the symmetry that the wiring has.
Grid grid_of(const Wiring& wiring);

/// The grid whose digits have no symmetry left: each rank is a class of its own. What runs on it is the full
/// simulation.
Grid full(Grid grid);

/// Splits a digit into an outer one of size / `inner_size` and an inner one of `inner_size` values;
/// `inner_size` divides the size. Of a ring's rotations only those by whole inner sizes remain, on the outer
/// digit.
void split(Grid& grid, int digit, int inner_size);

/// Reduces a digit's group to what it has in common with `needed`.
void restrict(Digit& digit, Digit::Group needed);

/// Gives a value a cell of its own, because something is special about it.
void single_out(Digit& digit, int value);

/// Position among the ranks that differ on `digits` only: `digits` innermost first, the first one counting
/// fastest.
int place_of(const Grid& grid, std::span<const int> digits, const Values& values);

/// Takes from the groups of `digits` what would exchange ranks that something tells apart: `kind` has a
/// number for each place (`place_of`). Values of a digit stay in one cell if, whatever the other digits'
/// values, the kinds are the same.
void distinguish(Grid& grid, std::span<const int> digits, std::span<const int> kind);

Address address_of(const Grid& grid, const Values& values);
Values values_of(const Grid& grid, const Address& address);

}  // namespace superpod::topology
