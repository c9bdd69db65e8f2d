/// What failures take from a training, in a result.
#pragma once

#include <optional>
#include <string>

#include "analysis/result.hpp"
#include "models/lifetime/reliability.hpp"

namespace superpod::scenarios {

/// A training whose parts fail now and then.
struct ReliabilityAnswer {
  models::Reliability reliability;
  models::TrainingCluster cluster;
  models::Goodput goodput;
  Hertz pace;  ///< tokens in a time, without interruptions

  [[nodiscard]] Hertz effective_pace() const { return pace * goodput.share(); }
  [[nodiscard]] bool gets_on() const { return goodput.share() >= models::least_goodput; }
  /// How long all steps take without interruptions, and with them; none where no tokens are told, and of a
  /// training that does not get on.
  [[nodiscard]] std::optional<Seconds> work() const;
  [[nodiscard]] std::optional<Seconds> time_to_train() const;
};

ReliabilityAnswer reliability_of(const models::Reliability& reliability,
                                 const models::TrainingCluster& cluster, Hertz pace);

/// `goodput`, `effective_tokens_per_s`, and `time_to_train_s` where the tokens are told.
analysis::Figure goodput_figure(const ReliabilityAnswer& answer);
analysis::Figure pace_figure(const ReliabilityAnswer& answer);
std::optional<analysis::Figure> time_figure(const ReliabilityAnswer& answer);

/// The figures `reliability.*` and the table `reliability`. Events and lost times are those of the whole
/// training, of 30 days where its tokens are not told.
void add_reliability(const ReliabilityAnswer& answer, analysis::Result& result);

/// What failures take, in sentences of the verdict.
std::string sentence(const ReliabilityAnswer& answer);

}  // namespace superpod::scenarios
