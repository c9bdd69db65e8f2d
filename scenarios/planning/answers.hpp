/// What each simulated mapping means for the question: time to train, power, cost, and how far it is from the
/// limits.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/costs/energy.hpp"
#include "models/lifetime/reliability.hpp"
#include "scenarios/planning/cluster.hpp"

namespace superpod::scenarios {

/// A limit, and how much of it an answer uses.
struct LimitUse {
  std::string name;  ///< as in `limits`
  double limit = 0, used = 0;
  bool at_least = false;  ///< `used` is a lower bound: a part of it is not known
  std::string unit;       ///< SI symbol; empty for counts
  [[nodiscard]] double share() const { return used / limit; }
};

/// What is not known is NaN.
struct Answer {
  std::size_t cluster = 0;  ///< of the list that was searched
  FoundStep step;
  models::Goodput goodput;
  Seconds time_to_train;
  Joules energy;
  Money purchase, running, cost;
  std::vector<LimitUse> limits;                   ///< those that the question sets, as far as they are known
  std::vector<std::string> not_known;             ///< limits of which nothing is known
  bool meets = false;                             ///< all of them
  bool best_of_system = false;                    ///< first among those of its candidate
  bool pareto = false;                            ///< nothing is better in time, NPUs, power and cost at once
  [[nodiscard]] const LimitUse* binding() const;  ///< the one that is used most; null without limits
};

/// An answer for each step of each search, best first: those within all limits by the question's preference,
/// then the others by how little they exceed one.
std::vector<Answer> answers_of(const Question& question, const std::vector<Cluster>& clusters,
                               const std::vector<ClusterSearch>& searches);

/// With another time for a step, all else alike.
Answer answer_of(const Question& question, const Cluster& cluster, const FoundStep& step);

/// Power at the meter and counts of a bill as numbers, NaN where a part is not known.
double number(const models::Total<Watts>& power);
double number(const models::Total<double>& count);
double number(const models::Total<SquareMetres>& area);

}  // namespace superpod::scenarios
