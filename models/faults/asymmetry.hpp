/// What is not alike in a system of equal parts.
#pragma once

#include <vector>

#include "models/hardware/chip.hpp"
#include "topology/routing/routes.hpp"

namespace superpod::models {

/// An NPU whose computation takes 1 / `speed` as long; a digit that is `absent` stands for all of its values,
/// so that a slow cabinet is one of these.
struct SlowNpu {
  topology::Address at{};
  double speed = 1;
};

/// Units of the outermost level (pods) that have another chip.
struct OtherChip {
  std::vector<int> units;
  Chip chip;
};

struct Asymmetry {
  std::vector<topology::Degraded> links = {};
  std::vector<SlowNpu> npus = {};
  std::vector<OtherChip> chips = {};

  [[nodiscard]] bool none() const { return links.empty() && npus.empty() && chips.empty(); }
};

}  // namespace superpod::models
