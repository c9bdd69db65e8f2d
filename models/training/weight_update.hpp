/// Gradients reduced over the copies of each weight, the optimizer, and weights gathered from their owners.
#pragma once

#include <vector>

#include "models/training/classes.hpp"
#include "models/training/operations.hpp"
#include "models/training/step_tasks.hpp"

namespace superpod::models {

/// Copies of a dense weight are on all ranks that differ on expert and data digits, those of an expert on the
/// data digits only. With ZeRO-1 each copy owns a share: gradients are reduce-scattered to the owners, which
/// update and then gather. Within a block (classes.hpp) each group of copies goes ahead by itself; the
/// exchange between blocks is one of all ranks of a pipeline rank. In a dualpipe each stage also lives on a
/// mirror rank, which owns half: mirrors swap halves at either end.
class WeightUpdate {
 public:
  WeightUpdate(const TrainingWorkload& workload, const Computing& computing, const std::vector<Stage>& stages,
               StepTasks& tasks);

  /// Layer by layer, after the last gradient of its weights; `ends` are the fronts of the operations of the
  /// pass that computed it. What has to arrive before this rank's gradients are complete.
  std::vector<Front> reduce(int pipeline_rank, int stage, const Ops& ops, const std::vector<Front>& ends);

  /// Layer by layer, when all gradients are there.
  void update(TaskId all_gradients);

 private:
  Front reduce_over(const Writer& to, int pipeline_rank, const Group& copies, Bytes size, Front begin);
  void update_layer(int stage, const Layer& layer, TaskId all_gradients);
  void gather(const std::vector<int>& homes, double parameters, Group Team::*copies,
              std::vector<Front> updated);

  const TrainingWorkload& workload_;
  const Computing& computing_;
  const std::vector<Stage>& stages_;
  StepTasks& tasks_;
  const Pipeline& pipe_;
  bool shared_;    // ZeRO-1
  bool mirrored_;  // dualpipe
};

}  // namespace superpod::models
