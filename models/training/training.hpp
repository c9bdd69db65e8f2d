/// One step of training a language model on a system: what a scenario says about it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/collectives/collective.hpp"
#include "models/hardware/system.hpp"
#include "models/mapping/expert_load.hpp"
#include "models/training/mapping_choice.hpp"
#include "models/transformer/llm.hpp"
#include "models/transformer/optimizer.hpp"
#include "models/transformer/slice.hpp"
#include "sim/values/describe.hpp"
#include "sim/values/sourced.hpp"

namespace superpod::models {

struct TrainingWorkload : MappingChoice {
  Entry<Llm> model;
  int sequence_length = 4096;
  std::optional<std::vector<int>> layers_per_stage;
  Precisions precision;
  OptimizerPlan optimizer;
  std::optional<Precision> mfu_precision;
  Algorithm expert_all_to_all = Algorithm::direct;
  ExpertLoad expert_load;
  ExpertPlacement expert_placement = ExpertPlacement::consecutive;
  Sourced<int> communication_cores{0};

  /// With another choice made.
  [[nodiscard]] TrainingWorkload with(const MappingChoice& choice) const {
    TrainingWorkload other = *this;
    static_cast<MappingChoice&>(other) = choice;
    return other;
  }
  [[nodiscard]] ExpertTraffic experts() const { return {expert_load, expert_placement, expert_all_to_all}; }

  static constexpr std::string_view kind = "training";
  static constexpr auto fields() {
    return std::tuple{
        required("model", &TrainingWorkload::model,
                 "catalogue name of the model, or a mapping that refines one"),
        optional("sequence_length", &TrainingWorkload::sequence_length, "tokens of one sequence",
                 between(1, 0x1p27)),
        required("batch", &TrainingWorkload::batch, "sequences of one step, over all ranks",
                 between(1, 0x1p24)),
        optional("microbatch", &TrainingWorkload::microbatch,
                 "sequences that pass through the pipeline together", between(1, 65536)),
        optional("parallel", &TrainingWorkload::parallel, "how the ranks share the work"),
        optional("schedule", &TrainingWorkload::schedule, "in which order the pipeline works"),
        optional("layers_per_stage", &TrainingWorkload::layers_per_stage,
                 "first stage first; default: so that the slowest stage is as fast as can be",
                 between(0, most_layers)),
        optional("recompute", &TrainingWorkload::recompute,
                 "what is run again in the backward pass instead of kept"),
        optional("precision", &TrainingWorkload::precision, "of each part"),
        optional("optimizer", &TrainingWorkload::optimizer, "what it keeps for each parameter"),
        optional("mfu_precision", &TrainingWorkload::mfu_precision,
                 "whose peak MFU refers to; default: that of the GEMMs"),
        optional("expert_all_to_all", &TrainingWorkload::expert_all_to_all,
                 "direct: each token once to each rank of its experts; hierarchical: once to each node, and "
                 "on from there"),
        optional("expert_load", &TrainingWorkload::expert_load,
                 "how tokens fall on the routed experts of each MoE layer; default: all get the same"),
        optional("expert_placement", &TrainingWorkload::expert_placement,
                 "on which of its ranks an expert lives: experts in order, or the hottest first, each where "
                 "least is so far"),
        optional("communication_cores", &TrainingWorkload::communication_cores,
                 "cores that move data and do not compute (DeepSeek-V3: 20 of 132)", between(0, 65536))};
  }
};

}  // namespace superpod::models
