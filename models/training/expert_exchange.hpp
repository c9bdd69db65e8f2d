#pragma once

#include "models/training/step_tasks.hpp"
#include "models/training/training.hpp"

namespace superpod::models {

/// Tokens on their way to the ranks of their experts, and results on their way back.
///
/// Direct: each token goes once to each rank that holds some of its experts. Hierarchical: once to each node that does (what
/// the innermost network joins), to the rank at the sender's place, which passes it on; both at the same time, as token
/// after token goes through.
/// Assumes: balanced routing (expected numbers of copies, see transformer/dispatch.hpp).
/// Source:  DeepSeek-V3, arXiv 2412.19437, section 3.2.2 (hierarchical).
class ExpertExchange {
 public:
  ExpertExchange(const TrainingWorkload& workload, double tokens_of_rank, const Team& team);

  Front write(StepTasks& tasks, const Writer& to, const Team& team, Bytes token, const Front& begin) const;

 private:
  double for_each_rank_ = 0, for_each_node_ = 0,
         within_node_ = 0;  // copies that a rank sends to each of these
  bool hierarchical_ = false;
};

}  // namespace superpod::models
