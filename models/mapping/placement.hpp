/// Which rank does what: the dimensions of parallel work laid on the levels of a system.
#pragma once

#include <vector>

#include "models/mapping/expert_load.hpp"
#include "models/mapping/layout.hpp"
#include "models/mapping/parallelism.hpp"
#include "models/mapping/shard.hpp"
#include "topology/fabric/wiring.hpp"
#include "topology/folding/grid.hpp"

namespace superpod::models {

/// The ranks of the routed experts are those of `tensor` and `context` and as many more as make up `expert`:
/// the digits called expert count expert / (tensor context). Sequences are shared over expert and data
/// digits, and the tokens of each over the context digits: all three hold copies of the dense layers'
/// weights. Expert weights are copied over the data digits only. How digits are laid: layout.hpp.
struct Placement {
  topology::Grid grid;
  std::vector<int> tensor, context, expert, pipeline, data;  ///< digits of the grid, innermost first
  int data_ranks = 1;      ///< ranks that see different sequences: (expert / (tensor context)) * data
  int experts_copies = 1;  ///< ranks that hold the same experts: the data digits
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

/// The dimensions on the digits of a grid of `npus` ranks, with whatever symmetry the grid has; nothing is
/// said of networks and loads. Supposes that placement_flaws.hpp finds none.
Placement laid_on(topology::Grid grid, std::int64_t npus, const Llm& llm, const Parallelism& parallel);

/// On the levels of a system, with the symmetry that the collectives along each dimension leave, and the
/// loads of the expert group's ranks.
/// Throws std::invalid_argument with the first of the flaws (placement_flaws.hpp), if there is any.
Placement place(const Llm& llm, const Parallelism& parallel, const ExpertTraffic& experts,
                const topology::Wiring& wiring);

}  // namespace superpod::models
