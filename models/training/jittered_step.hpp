/// A training step on NPUs that are not equally fast, each by chance: drawn, not folded.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "models/random/jitter.hpp"
#include "models/training/step.hpp"
#include "sim/platform/trace.hpp"

namespace superpod::models {

/// The time factors of one drawn machine that its step depends on.
struct DrawnReplica {
  std::vector<double> passes;  ///< [pipeline rank] of the slowest NPU of this replica's group: its passes
  std::vector<double> update;  ///< [pipeline rank] of the slowest NPU of all replicas: the optimizer
};

/// What comes to the same work by other ways: the data-parallel copies of a pipeline, and within it the NPUs
/// of a pipeline rank that exchange tokens or activations in every layer.
struct Replicas {
  double count = 1;  ///< copies of the experts
  double group = 1;  ///< tensor and expert ranks
  int pipeline_ranks = 1;
};
Replicas replicas_of(const Mapping& mapping);

/// [pipeline rank] the factor of the slowest NPU of each group of a replica, in the machine that `stream`
/// draws.
std::vector<double> group_factors(const Jitter& jitter, const Replicas& replicas, std::uint64_t stream,
                                  std::uint64_t replica);

struct JitteredStep {
  Seconds plain;               ///< without jitter
  std::vector<Seconds> steps;  ///< [draw]
  Seconds mean;
  Seconds standard_error;  ///< of the mean
  Seconds low,
      high;  ///< another step is below with 5 and 95 %; of fewer than 19 draws: the least and the most
};

/// Draws `jitter.samples` machines and simulates a step on each.
///
/// NPUs that exchange in every layer (a group: the tensor and expert ranks of one pipeline rank of one
/// replica) go at the pace of their slowest: its factor is one draw of the maximum of n equal distributions.
/// A replica, with one such factor for each pipeline rank, is simulated folded, its ranks' computation
/// stretched; gradients are reduced, and the optimizer begins, when the slowest replica is there, so the step
/// is that of the slowest replica:
///
///     step = max over replicas r of T(g_r1 ... g_rP), g_rs = max of the group's factors, P(g <= x) = F(x)^n
///
/// where the optimizer of pipeline rank s takes max over r of g_rs as long. Not all replicas are simulated:
/// planes below the estimate of SlotChains sort out most of them, the estimate all but two, and these two
/// are.
///
/// Assumes: whoever is not the slowest of its group neither costs nor gains anything. In truth members that
///          are early begin their exchanges early, and take their tasks in another order (Graham's
///          anomalies). Against simulations of each of 64 and 512 NPUs, on the same drawn factors: at a
///          spread of 2 %, which costs 2 to 4 %, within 0.5 % of the step; at 5 % within 0.9 %; up and down.
///          Where NPUs differ already (slow ones, hot experts) all replicas have those, and a group's slowest
///          factor counts for all of it: then the step is an upper bound.
/// Cost: two folded simulations a draw; drawing the groups of a million NPUs one by one takes about 0.1 s a
///       draw.
/// Throws std::invalid_argument as `plan` does.
JitteredStep jittered_step(const TrainingWork& planned, const Jitter& jitter, std::uint64_t seed,
                           const std::function<Trace(const Platform&, const TaskGraph&)>& run);

/// The work with the computation of each pipeline rank stretched.
TaskGraph stretched(const TrainingWork& planned, const DrawnReplica& replica);

}  // namespace superpod::models
