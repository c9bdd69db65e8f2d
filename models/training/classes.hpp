/// Which ranks of a step are alike, and with what they compute.
#pragma once

#include <vector>

#include "models/faults/asymmetry.hpp"
#include "models/training/mapping.hpp"
#include "topology/folding/blocks.hpp"
#include "topology/folding/folding.hpp"

namespace superpod::models {

/// How many of the outermost digits tell blocks apart: all digits of the outermost networks that join copies
/// of the data only, as the pods of a SuperCluster. No pass crosses such a network, and what crosses it
/// crosses no other: rails with a dead link are not among them, since messages leave them on their way around
/// it.
int block_digits(const Mapping& mapping, const topology::Wiring& wiring, const Asymmetry& asymmetry);

/// The same ranks, in classes for what happens within blocks, and in classes for what blocks exchange with
/// each other.
struct StepClasses {
  topology::Blocks within;
  topology::Blocks across;
};
StepClasses classes_of(const Mapping& mapping, const topology::Routes& routes, const Asymmetry& asymmetry);

/// Every rank a class of its own, and every block a kind.
StepClasses full_classes_of(const Mapping& mapping, const topology::Wiring& wiring,
                            const Asymmetry& asymmetry);

/// The chip of a class of ranks, and what falls on its experts, relative to the mean. Classes of one variant
/// run the same kernels on the same shapes.
struct Variant {
  const Chip* chip = nullptr;
  double expert_load = 1;
  bool operator==(const Variant&) const = default;
};

/// What each class of ranks computes with.
struct Computing {
  std::vector<Variant> variants;
  std::vector<int> variant_of;  ///< [rank class]
  std::vector<double> speed;    ///< [rank class] share of the variant's
};
Computing computing_of(const Chip& chip, const Mapping& mapping, const Asymmetry& asymmetry,
                       const topology::RankClasses& ranks);

}  // namespace superpod::models
