/// One training step on a fabric that is known cable by cable (topology/cabling/cabling.hpp).
///
/// A graph has one level: the dimensions of a mapping are laid along its NPUs in an order that the caller
/// gives, by `parallel.order` from the inside out, wherever their number divides. What is written on the
/// ranks is what `plan` on levels writes (step.hpp). Collectives along a dimension are direct where the ways
/// between all of its ranks are alike, else they go round in rings.
/// Valid: to 1e-9, folded or not, where flows are alike. On a graph where hardly any two are, a rounding may
///        decide who is first, layer after layer: such a step is only known as closely as it changes with its
///        latencies' last digits (seen: 0.3 %, of 24 NPUs cabled at random).
#pragma once

#include <vector>

#include "models/hardware/system.hpp"
#include "models/training/step.hpp"
#include "topology/cabling/cabling.hpp"

namespace superpod::models {

/// A graph that a step runs on.
struct CabledFabric {
  const topology::Cabling& cabling;
  Seconds endpoint_latency;                  ///< paid once by each message
  std::vector<int> order;                    ///< [place] which of the cabling's NPUs stands there
  const topology::Cabling* built = nullptr;  ///< before anything broke; null: nothing did
  std::vector<double> speed = {};            ///< [NPU of the cabling] of its computation; none: all are 1
};

/// What does not fit together, each with the key of the workload that it concerns. The system's levels are
/// those of one_level(cabling); its networks do not count.
std::vector<topology::Flaw> flaws(const TrainingWorkload& workload, const System& system,
                                  const topology::Cabling& cabling);

/// Every rank is planned, then folded as far as the graph is regular. Throws std::invalid_argument with the
/// first flaw of the mapping, if there is any; topology::Unreachable with the names of two NPUs that must
/// exchange bytes and cannot.
TrainingWork plan(const TrainingWorkload& workload, const Chip& chip, const CabledFabric& on, Detail detail);

}  // namespace superpod::models
