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
std::string interval_words(const analysis::Result& result) {
  const analysis::Figure* time = result.figure("time_to_train_s");
  if (time == nullptr || !time->interval) return {};
  std::string sentence =
      " With 90 % it takes " + days(time->interval->first) + " to " + days(time->interval->second);
  const analysis::Table* tornado = result.table("tornado");
  if (tornado == nullptr || tornado->rows() == 0 || tornado->column("input") == nullptr)
    return sentence + ".";
  return sentence + "; most depends on " +
         std::get<std::vector<std::string>>(tornado->column("input")->values).front() + ".";
}

std::string search_words(const analysis::Result& result) {
  const auto value = [&](const char* key) { return result.figure(key)->value; };
  std::string sentence = " Of " + std::to_string(std::llround(value("search.mappings"))) +
                         " mappings whose least time was computed, " +
                         std::to_string(std::llround(value("search.simulated"))) + " were simulated";
  const double correlation = value("search.rank_correlation");
  if (!std::isnan(correlation)) {
    std::array<char, 32> digits{};
    std::snprintf(digits.data(), digits.size(), "%.2f", correlation);
    sentence += " (rank correlation " + std::string{digits.data()} + ")";
  }
  const double open = value("search.open_gap");
  return sentence + (open > 0
                         ? "; on none of the systems could another be more than " + percent(open) + " faster."
                         : "; none of the others can be faster.");
}

}  // namespace

std::string verdict(const Planned& planned, const analysis::Result& result) {
  if (planned.answers.empty())
    return "No candidate can train it: none has a mapping that was simulated. See what is out, and why." +
           search_words(result);
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
  return what + binding_words(best) + unknown_words(best) + interval_words(result) + runner_up(planned) +
         search_words(result);
}

}  // namespace superpod::scenarios
