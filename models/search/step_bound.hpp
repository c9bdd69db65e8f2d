/// The least time that a training step can take on a mapping, in microseconds of ours, and whether it can fit
/// into memory.
///
/// The bound stands on three facts of a simulated step (training/step.hpp):
///
/// - a rank's slots follow each other, and a slot takes at least as long as its kernels, and as the longest
///   chain of kernels and exchanges through it;
/// - an exchange takes at least its latency, and the bytes of its fullest link over the link's bandwidth
///   (exchange_bound.hpp);
/// - rank r of a pipeline begins when the first microbatch has passed the stages before it, and when it has
///   ended, the last one's gradients must still pass these.
///
/// With F_s, B_s the slots of stage s, L_r = sum of F + B over the stages of rank r, x the transfer to a
/// neighbour, M microbatches:
///
///     T >= max over r of [ sum over s < r of (F_s + B_s) + 2 r x + M L_r ] + update
///          of 1F1B, GPipe and interleaved
///     T >= M / 2 * max over pairs of ranks of (L_r + L_(P-1-r)) + ramp + update
///          of DualPipe
///
/// where slots of a DualPipe overlap, so that L counts kernels, chains and bytes on links apart and takes the
/// largest. `update` is the optimizer, or the gathering of weights. Where ranks may lack room for the fastest
/// cut of the model, the maximum over ranks is the least that any cut can have.
/// Valid: systems without faults, balanced experts. Never above the simulated step
///        (tests/models/search/step_bound_test.cpp).
/// Left out, so the bound is low by: contention of exchanges, stalls between unequal stages, gradients'
/// reduction that nothing hides.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "models/search/exchange_bound.hpp"
#include "models/search/layer_profile.hpp"

namespace superpod::models {

/// One way to run a step of a workload.
struct Choice {
  int tensor = 1, context = 1, expert = 1, pipeline = 1, virtual_stages = 1, zero = 1, microbatch = 1;
  int batch = 0;
  Schedule schedule = Schedule::one_f_one_b;
  Recompute recompute = Recompute::selective;
  int order = 0;  ///< which of the space's orders
  bool operator==(const Choice&) const = default;
};

/// The workload with this choice made.
TrainingWorkload with(const TrainingWorkload& workload, const Choice& choice,
                      const std::vector<Dimension>& order);

/// Where the dimensions lie on a system, and what exchanges cost there: the same for all microbatches and
/// schedules.
struct Geometry {
  Mapping mapping;
  ExchangeBound tensor, context, experts, experts_across, experts_inside, neighbour;
  double for_each_rank = 0, for_each_node = 0,
         within_node = 0;  ///< [1/token] copies, as in expert_exchange.hpp
  /// [layer][s] of the optimizer, the gathering of weights and the reduction of gradients: with ZeRO-1,
  /// without; in a dualpipe, where each rank owns half of what it holds, and elsewhere.
  struct Update {
    std::vector<double> optimizer, gather, reduce;
    std::vector<double> state;  ///< [layer] B of the optimizer's state
  };
  std::array<std::array<Update, 2>, 2> update;  ///< [zero][dualpipe]
};

/// What the layers cost a rank of one shard, microbatch and recomputation, on whatever system.
struct SliceProfile {
  std::vector<LayerProfile> kinds;
  std::vector<double> costs;             ///< [layer] s of kernels: what the cut of the model balances
  std::map<int, std::vector<int>> cuts;  ///< [stages] layers of each stage
};

/// Of one slice on one geometry, summed over layers before each: [layer + 1].
struct LayerSums {
  std::vector<double> forward;                   ///< s, one slot over these layers takes at least that
  std::vector<double> backward, backward_chain;  ///< s of kernels, and of the chain
  std::vector<double> kernels, forward_chain, beside_chain,
      links;                                     ///< of passes that overlap, both directions
  std::vector<double> forward_kernels, weights;  ///< s of kernels: forward, and of gradients of weights alone
  double trailing = 0;  ///< s of the last exchange of a pass, which the next slot does not wait for
  std::vector<double> lasting, activations;  ///< B without optimizer state; B of one microbatch
  std::vector<double> again;                 ///< [layer] B
  double buffers = 0;                        ///< B of one pass
  double transfer = 0;                       ///< s to a neighbouring stage
  SliceProfile* profile = nullptr;
};

struct StepBound {
  double step = 0;    ///< s
  double memory = 0;  ///< B: the fullest NPU needs at least as much
  bool fits = true;   ///< false: no cut of the model fits. A dualpipe's cuts are not tried: true may be wrong
  bool roomy = true;  ///< stages that are about equally fast fit
};

class StepBounds {
 public:
  /// Chip and wiring must outlive it. The chip must have all figures that the workload's kernels need, and a
  /// known memory.
  StepBounds(const TrainingWorkload& workload, const Chip& chip, const topology::Wiring& wiring);

  /// Why no step can be mapped so, or nothing.
  [[nodiscard]] std::string misfit(const Choice& choice, const std::vector<Dimension>& order) const;

  /// Of a choice without misfit; microbatch, batch, schedule, recomputation, zero and virtual stages don't
  /// matter.
  Geometry geometry(const Choice& choice, const std::vector<Dimension>& order);

  /// Of a geometry with the choice's microbatch and recomputation.
  LayerSums sums(const Geometry& geometry, const Choice& choice, const std::vector<Dimension>& order);

  /// Cost: some microseconds.
  StepBound bound(const Geometry& geometry, const LayerSums& sums, const Choice& choice);

  /// The bound of a choice with the stages that a plan would cut (slot_bound.hpp), and whether it fits, for
  /// certain.
  /// Cost: some milliseconds, most of it for the cut.
  StepBound refined(const Choice& choice, const std::vector<Dimension>& order);

 private:
  Geometry::Update update_of(const Geometry& geometry, bool zero, bool mirrored,
                             const std::array<ExchangeBound, 2>& copies) const;
  SliceProfile& profile_of(const Geometry& geometry, const TrainingWorkload& workload);
  const std::vector<std::vector<int>>& held(const Pipeline& pipe);

  TrainingWorkload workload_;  // without what is known of the model in words: it is copied often
  const Chip& chip_;
  const topology::Wiring& wiring_;
  LayerKinds kinds_;
  ExchangeBounds exchanges_;
  std::map<std::array<int, 6>, SliceProfile> profiles_;               // by shard, microbatch, recomputation
  std::map<std::array<int, 4>, std::vector<std::vector<int>>> held_;  // [pipeline rank][chunk] by pipeline
};

}  // namespace superpod::models
