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
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "models/search/geometry.hpp"
#include "models/search/layer_sums.hpp"
#include "models/search/pipeline_bound.hpp"
#include "models/training/mapping_choice.hpp"

namespace superpod::models {

class StepBounds {
 public:
  /// What `workload` says of its choice does not matter. Chip and wiring must outlive it. The chip must have
  /// all figures that the workload's kernels need, and a known memory.
  StepBounds(const TrainingWorkload& workload, const Chip& chip, const topology::Wiring& wiring);
  StepBounds(const StepBounds&) = delete;
  StepBounds& operator=(const StepBounds&) = delete;

  /// Why no step can be mapped so, or nothing.
  [[nodiscard]] std::string misfit(const Parallelism& parallel) const;

  /// Of a parallelism without misfit; zero and virtual stages don't matter.
  Geometry geometry(const Parallelism& parallel) { return geometer_.geometry(parallel); }

  /// Of a geometry with the choice's microbatch and recomputation.
  LayerSums sums(const Geometry& geometry, const MappingChoice& choice);

  /// Cost: some microseconds.
  StepBound bound(const Geometry& geometry, const LayerSums& sums, const MappingChoice& choice);

  /// The bound of a choice with the stages that a plan would cut (slot_bound.hpp), and whether it fits, for
  /// certain.
  /// Cost: some milliseconds, most of it for the cut.
  StepBound refined(const MappingChoice& choice);

  [[nodiscard]] const Llm& model() const { return workload_.model.value; }
  [[nodiscard]] std::int64_t npus() const { return topology::npus(wiring_.fabric()); }
  [[nodiscard]] Bytes capacity() const { return chip_.memory->value; }  ///< of an NPU

 private:
  SliceProfile& profile_of(const Slice& slice, const MappingChoice& choice);
  const std::vector<std::vector<int>>& held(const Pipeline& pipe);

  TrainingWorkload workload_;
  const Chip& chip_;
  const topology::Wiring& wiring_;
  LayerKinds kinds_;
  Geometer geometer_;
  std::map<std::array<int, 6>, SliceProfile> profiles_;               // by shard, microbatch, recomputation
  std::map<std::array<int, 4>, std::vector<std::vector<int>>> held_;  // [pipeline rank][chunk] by pipeline
};

}  // namespace superpod::models
