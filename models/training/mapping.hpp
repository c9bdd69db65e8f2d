/// Which rank does what: the dimensions of a training step laid on the levels of a system.
#pragma once

#include <vector>

#include "models/training/expert_load.hpp"
#include "models/training/training.hpp"
#include "topology/fabric/wiring.hpp"
#include "topology/folding/grid.hpp"

namespace superpod::models {

/// Dimensions are laid from the inside out, in `Parallelism::order`; a level is split where a dimension ends
/// within it.
///
/// The ranks of the routed experts are those of `tensor` and `context` and as many more as make up `expert`:
/// the digits called expert count expert / (tensor context). Sequences are shared over expert and data
/// digits, and the tokens of each over the context digits: all three hold copies of the dense layers'
/// weights. Expert weights are copied over the data digits only. `data` may stand in the order more than
/// once: each but the last fills up the level that was begun, or the next one; the last takes what is left.
struct Mapping {
  topology::Grid grid;
  std::vector<int> tensor, context, expert, pipeline, data;  ///< digits of the grid, innermost first
  int data_ranks = 1;      ///< ranks that see different sequences: (expert / (tensor context)) * data
  int experts_copies = 1;  ///< ranks that hold the same experts: the data digits
  Pipeline pipe;
  Shard shard;
  std::vector<int> expert_across;  ///< digits of the expert group that the innermost network does not join
  PartLoads expert_ranks;          ///< [place in the expert group] empty: all ranks get the same
  PartLoads expert_nodes;  ///< [place on `expert_across`] likewise; of what the innermost network joins

  [[nodiscard]] std::vector<int> expert_group()
      const;  ///< ranks that exchange tokens: tensor, context and expert digits
  [[nodiscard]] std::vector<int> dense_copies() const;   ///< ranks that hold the same dense weights
  [[nodiscard]] std::vector<int> expert_copies() const;  ///< ranks that hold the same experts
  /// Tokens for the experts of a rank, each counted for each of its experts there, relative to the mean.
  [[nodiscard]] double expert_load(const topology::Values& values) const;
  [[nodiscard]] double hottest_expert_load() const;
  [[nodiscard]] int stage_rank(const topology::Values& values) const;  ///< position in the pipeline
  /// The rank at the same place of another pipeline rank.
  [[nodiscard]] topology::Values at_pipeline_rank(topology::Values values, int rank) const;
};

/// What does not fit together, each with the key of the workload that it concerns.
std::vector<topology::Flaw> flaws(const TrainingWorkload& workload, const topology::Fabric& fabric);

/// Throws std::invalid_argument with the first of the flaws, if there is any.
Mapping map(const TrainingWorkload& workload, const topology::Wiring& wiring);

/// What one rank executes of each microbatch.
Slice slice_of(const TrainingWorkload& workload, const Mapping& mapping);

}  // namespace superpod::models
