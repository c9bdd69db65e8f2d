/// What failures take from a training, in a result.
#pragma once

#include <optional>

#include "analysis/result.hpp"
#include "models/lifetime/reliability.hpp"

namespace superpod::scenarios {

/// The figures `goodput` and `reliability.*`, the table `reliability` and a sentence in the verdict. Events
/// and lost times are those of `work`, which is how long all steps take without interruptions; of 30 days
/// where it is not told.
void add_reliability(const models::Reliability& reliability, const models::TrainingCluster& cluster,
                     const std::optional<Seconds>& work, analysis::Result& result);

/// The cluster that a result of a training is about: its NPUs, the state on the fullest of them, its step,
/// and its optical modules where the result has them.
models::TrainingCluster training_cluster(const analysis::Result& result);

/// The same of a training result, which says its pace, and beside it `effective_tokens_per_s`, and
/// `time_to_train_s` where the tokens are told.
void add_reliability(const models::Reliability& reliability, analysis::Result& result);

}  // namespace superpod::scenarios
