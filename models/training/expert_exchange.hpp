#pragma once

#include "models/mapping/expert_copies.hpp"
#include "models/training/step_tasks.hpp"
#include "models/training/training.hpp"

namespace superpod::models {

/// Tokens on their way to the ranks of their experts, and results on their way back.
///
/// How many go where: mapping/expert_copies.hpp. Hierarchical exchanges across nodes and within them run at
/// the same time, as token after token goes through.
/// Where some experts are hotter, more of each rank's tokens go to their ranks, and the same come back from
/// there.
/// Assumes: independent routing of tokens (transformer/routing.hpp), the same experts hot for the tokens of
///          all ranks.
class ExpertExchange {
 public:
  enum class Way { dispatch, combine };

  ExpertExchange(const TrainingWorkload& workload, double tokens_of_rank, const Team& team);

  /// `token` is the size of one token, or of one result.
  Front write(StepTasks& tasks, const Writer& to, const Team& team, Way way, Bytes token,
              const Front& begin) const;

 private:
  double tokens_ = 0;  // of a rank
  ExpertCopies copies_;
};

}  // namespace superpod::models
