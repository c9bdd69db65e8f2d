/// One step of training a language model on a system: what a scenario says about it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/collectives/collective.hpp"
#include "models/hardware/system.hpp"
#include "models/training/expert_load.hpp"
#include "models/training/schedule.hpp"
#include "models/transformer/layer_kernels.hpp"
#include "models/transformer/llm.hpp"
#include "models/transformer/optimizer.hpp"
#include "models/transformer/slice.hpp"
#include "sim/values/describe.hpp"
#include "sim/values/sourced.hpp"

namespace superpod::models {

/// The dimensions in which a training step is cut; mapping.hpp lays them on the system.
enum class Dimension { tensor, context, expert, pipeline, data };

constexpr auto words(Dimension) {
  using std::pair, std::string_view;
  return std::array{
      pair{string_view{"tensor"}, Dimension::tensor}, pair{string_view{"context"}, Dimension::context},
      pair{string_view{"expert"}, Dimension::expert}, pair{string_view{"pipeline"}, Dimension::pipeline},
      pair{string_view{"data"}, Dimension::data}};
}

struct Parallelism {
  int tensor = 1, context = 1, expert = 1, pipeline = 1, virtual_stages = 1, zero = 1;
  std::optional<int> data;
  std::vector<Dimension> order{Dimension::tensor, Dimension::context, Dimension::expert, Dimension::pipeline,
                               Dimension::data};

  static constexpr std::string_view kind = "parallelism";
  static constexpr auto fields() {
    return std::tuple{
        optional("tensor", &Parallelism::tensor, "ranks that share each layer; with sequence parallelism",
                 at_least(1)),
        optional("context", &Parallelism::context,
                 "ranks that share the tokens of each sequence: they gather keys and values before attention",
                 at_least(1)),
        optional("expert", &Parallelism::expert,
                 "ranks that share the routed experts; spans the tensor and context ranks, a multiple of "
                 "them; 1: not shared",
                 at_least(1)),
        optional("pipeline", &Parallelism::pipeline, "ranks that share the layers in stages", at_least(1)),
        optional("virtual_stages", &Parallelism::virtual_stages,
                 "chunks of the model on each rank (interleaved)", at_least(1)),
        optional("data", &Parallelism::data,
                 "copies of the experts; default: what the other dimensions leave", at_least(1)),
        optional("zero", &Parallelism::zero,
                 "0: optimizer state copied; 1: shared over the data-parallel ranks",
                 Range{.low = 0, .high = 1}),
        optional("order", &Parallelism::order,
                 "innermost first: which ranks are neighbours; `data` may stand more than once: each but the "
                 "last fills up the level that was begun, or the next one")};
  }
};

struct TrainingWorkload {
  Entry<Llm> model;
  int sequence_length = 4096;
  int batch = 0;
  int microbatch = 1;
  Parallelism parallel;
  Schedule schedule = Schedule::one_f_one_b;
  std::optional<std::vector<int>> layers_per_stage;
  Recompute recompute = Recompute::selective;
  PrecisionPlan precision;
  OptimizerPlan optimizer;
  std::optional<Precision> mfu_precision;
  Algorithm expert_all_to_all = Algorithm::direct;
  ExpertLoad expert_load;
  ExpertPlacement expert_placement = ExpertPlacement::consecutive;
  Sourced<int> communication_cores{0};

  static constexpr std::string_view kind = "training";
  static constexpr auto fields() {
    return std::tuple{
        required("model", &TrainingWorkload::model,
                 "catalogue name of the model, or a mapping that refines one"),
        optional("sequence_length", &TrainingWorkload::sequence_length, "tokens of one sequence",
                 at_least(1)),
        required("batch", &TrainingWorkload::batch, "sequences of one step, over all ranks", at_least(1)),
        optional("microbatch", &TrainingWorkload::microbatch,
                 "sequences that pass through the pipeline together", at_least(1)),
        optional("parallel", &TrainingWorkload::parallel, "how the ranks share the work"),
        optional("schedule", &TrainingWorkload::schedule, "in which order the pipeline works"),
        optional("layers_per_stage", &TrainingWorkload::layers_per_stage,
                 "first stage first; default: so that the slowest stage is as fast as can be", at_least(0)),
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
                 "cores that move data and do not compute (DeepSeek-V3: 20 of 132)", at_least(0))};
  }
};

}  // namespace superpod::models
