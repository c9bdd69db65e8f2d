#pragma once

#include "models/training/step_tasks.hpp"
#include "models/training/training.hpp"

namespace superpod::models {

/// Tokens on their way to the ranks of their experts, and results on their way back.
///
/// Direct: each token goes once to each rank that holds some of its experts. Hierarchical: once to each node
/// that does (what the innermost network joins), to the rank at the sender's place, which passes it on; both
/// at the same time, as token after token goes through.
/// Where some experts are hotter, more of each rank's tokens go to their ranks, and the same come back from
/// there.
/// Assumes: independent routing of tokens (transformer/routing.hpp), the same experts hot for the tokens of
///          all ranks.
/// Source:  DeepSeek-V3, arXiv 2412.19437, section 3.2.2 (hierarchical).
class ExpertExchange {
 public:
  enum class Way { dispatch, combine };

  ExpertExchange(const TrainingWorkload& workload, double tokens_of_rank, const Team& team);

  /// `token` is the size of one token, or of one result.
  Front write(StepTasks& tasks, const Writer& to, const Team& team, Way way, Bytes token,
              const Front& begin) const;

 private:
  double tokens_ = 0;  // of a rank
  double for_each_rank_ = 0, for_each_node_ = 0,
         within_node_ = 0;  // copies that a rank sends to each of these, where all get the same
  bool hierarchical_ = false;
};

}  // namespace superpod::models
