#include "scenarios/planning/plan_verdict.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "sim/values/quantity_text.hpp"

namespace superpod::scenarios {
namespace {

std::string percent(double share) {
  std::array<char, 32> digits{};
  std::snprintf(digits.data(), digits.size(), share < 0.1 ? "%.1f %%" : "%.0f %%", 100 * share);
  return digits.data();
}

std::string days(double seconds) {
  std::array<char, 32> digits{};
  const double in_days = seconds / 86400;
  std::snprintf(digits.data(), digits.size(), in_days < 10 ? "%.1f days" : "%.0f days", in_days);
  return digits.data();
}

std::string quantity(double value, const std::string& unit) {
  if (unit == "s") return days(value);
  return unit.empty() ? std::to_string(std::llround(value)) : si(value, unit);
}

std::string cluster_words(const Cluster& cluster) {
  return cluster.system.name + " (" + cluster.size + ", " + std::to_string(std::llround(cluster.npus)) +
         " NPUs)";
}

std::string binding_words(const Answer& answer) {
  const LimitUse* binding = answer.binding();
  if (binding == nullptr) return "No limit was set.";
  const std::string use = quantity(binding->used, binding->unit) + " of " +
                          quantity(binding->limit, binding->unit) + ", " + percent(binding->share());
  return answer.meets ? "The binding limit is '" + binding->name + "': it uses " + use + "."
                      : "The limit in the way is '" + binding->name + "': it would use " + use + ".";
}

/// What of the limits is not known, or only in part.
std::string unknown_words(const Answer& answer) {
  std::string parts, none;
  for (const LimitUse& use : answer.limits)
    if (use.at_least) parts += (parts.empty() ? "'" : ", '") + use.name + "'";
  for (const std::string& name : answer.not_known) none += (none.empty() ? "'" : ", '") + name + "'";
  return (parts.empty() ? "" : " Only a lower bound is known of " + parts + ".") +
         (none.empty() ? "" : " Nothing is known of " + none + ".");
}

/// The best answer of another system, or of another size.
std::string runner_up(const Planned& planned) {
  const auto next = std::ranges::find_if(planned.answers, [&](const Answer& answer) {
    return answer.cluster != planned.answers.front().cluster;
  });
  if (next == planned.answers.end()) return {};
  return " Next comes " + cluster_words(planned.clusters[next->cluster]) + " with " +
         days(next->time_to_train.in(unit::s)) +
         (next->meets ? "." : ", which is beyond the limit '" + next->binding()->name + "'.");
}

/// How sure the time is, and what it hangs on most.
std::string interval_words(const TrainingAnswer& best) {
  const auto interval = best.time_to_train_interval();
  if (!interval) return {};
  const auto widest = widest_input(*best.uncertainty);
  return " With 90 % it takes " + days(interval->first.in(unit::s)) + " to " +
         days(interval->second.in(unit::s)) + (widest ? "; most depends on " + *widest : "") + ".";
}

std::string search_words(const SearchSummary& search) {
  std::string sentence = " Of " + std::to_string(std::llround(search.mappings)) +
                         " mappings whose least time was computed, " +
                         std::to_string(search.simulated.size()) + " were simulated";
  const double correlation = models::rank_correlation(search.simulated);
  if (!std::isnan(correlation)) {
    std::array<char, 32> digits{};
    std::snprintf(digits.data(), digits.size(), "%.2f", correlation);
    sentence += " (rank correlation " + std::string{digits.data()} + ")";
  }
  return sentence + (search.open_gap > 0 ? "; on none of the systems could another be more than " +
                                               percent(search.open_gap) + " faster."
                                         : "; none of the others can be faster.");
}

}  // namespace

std::string verdict(const Planned& planned, const SearchSummary& search, const TrainingAnswer* simulated) {
  if (planned.answers.empty() || simulated == nullptr)
    return "No candidate can train it: none has a mapping that was simulated. See what is out, and why." +
           search_words(search);
  const Answer& best = planned.answers.front();
  const Cluster& cluster = planned.clusters[best.cluster];
  const bool limited = best.binding() != nullptr;
  const std::string what = std::string{!limited     ? "The best is "
                                       : best.meets ? "Yes: "
                                                    : "No candidate keeps all limits. Nearest is "} +
                           cluster_words(cluster) +
                           (limited && best.meets ? " trains it in " : ", which trains it in ") +
                           days(best.time_to_train.in(unit::s)) + ", mapped as " +
                           models::words(best.step.choice(), cluster.npus) + ". ";
  return what + binding_words(best) + unknown_words(best) + interval_words(*simulated) + runner_up(planned) +
         search_words(search);
}

}  // namespace superpod::scenarios
