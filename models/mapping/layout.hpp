/// The dimensions of parallel work, laid on the digits of a grid.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "models/mapping/parallelism.hpp"
#include "topology/folding/grid.hpp"

namespace superpod::models {

/// Ranks of each dimension that are laid on the grid. Those of the routed experts include the tensor and the
/// context ranks, so that `expert` counts how many times as many there are.
struct DimensionSizes {
  std::int64_t tensor = 1, context = 1, expert = 1, pipeline = 1;
  std::int64_t data = 0;  ///< what the others leave; 0 where they do not divide the NPUs

  [[nodiscard]] std::int64_t of(Dimension dimension) const;
};
DimensionSizes sizes_of(const Parallelism& parallel, std::int64_t npus);

/// A grid whose digits bear the names of the dimensions that they belong to.
struct Layout {
  topology::Grid grid;
  std::optional<Dimension> uneven;  ///< a dimension that does not end evenly within a level ...
  int level_in_the_way = 0;         ///< ... this one: the rest is not laid
};

/// Dimensions are laid from the inside out, in `Parallelism::order`; a level is split where a dimension ends
/// within it. `data` may stand in the order more than once: each but the last fills up the level that was
/// begun, or the next one; the last takes what is left.
Layout laid_out(const Parallelism& parallel, topology::Grid grid, std::int64_t npus);

/// Innermost first.
std::vector<int> digits_of(const topology::Grid& grid, Dimension dimension);

/// Of two sets of digits, innermost first.
std::vector<int> joined(std::vector<int> some, const std::vector<int>& others);

std::string_view word(Dimension dimension);

}  // namespace superpod::models
