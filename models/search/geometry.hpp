/// Where the dimensions of a step lie on a system, and the least that its exchanges take there.
#pragma once

#include <array>
#include <vector>

#include "models/mapping/expert_copies.hpp"
#include "models/mapping/placement.hpp"
#include "models/search/exchange_bound.hpp"
#include "models/search/layer_profile.hpp"
#include "models/training/training.hpp"

namespace superpod::models {

/// What the weights of each layer cost a rank once a step.
struct UpdateBounds {
  std::vector<Seconds> optimizer, gather, reduce;  ///< [layer] gathering of weights, reduction of gradients
  std::vector<Bytes> state;                        ///< [layer] of the optimizer
};

/// The same for all microbatches and schedules.
struct Geometry {
  Placement placement;
  ExpertCopies copies;  ///< of one token
  ExchangeBound tensor, context, experts, experts_across, experts_inside, neighbour;
  /// With ZeRO-1, and without; in a dualpipe, where each rank owns half of what it holds, and elsewhere.
  std::array<std::array<UpdateBounds, 2>, 2> update;  ///< [zero][dualpipe]

  /// All tokens of a rank to their experts, `size` together before they are copied.
  [[nodiscard]] Seconds to_experts(Bytes size) const;
  /// What that costs the fullest links, without latency.
  [[nodiscard]] Seconds to_experts_on_links(Bytes size) const;
};

/// Places what is trained, and bounds its exchanges. One for a system and what is trained on it.
class Geometer {
 public:
  /// All must outlive it.
  Geometer(const TrainingWorkload& workload, const Chip& chip, const topology::Wiring& wiring,
           const LayerKinds& kinds);

  /// Of a parallelism without flaws. Throws std::invalid_argument with the first, if there is any.
  Geometry geometry(const Parallelism& parallel);

 private:
  using OfCopies = std::array<ExchangeBound, 2>;  ///< a scatter over copies of dense and of expert weights
  /// [kind] parameters on a rank.
  using OfKinds = std::vector<RankParameters>;

  void bound_experts(Geometry& geometry);
  [[nodiscard]] UpdateBounds update_of(const Placement& placement, bool zero, bool mirrored,
                                       const OfCopies& copies) const;
  [[nodiscard]] std::vector<SecondsPerByte> on_fullest_family(const OfKinds& parameters,
                                                              const OfCopies& copies) const;

  const TrainingWorkload& workload_;
  const Chip& chip_;
  const topology::Wiring& wiring_;
  const LayerKinds& kinds_;
  ExchangeBounds exchanges_;
};

}  // namespace superpod::models
