#include "scenarios/planning/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "scenarios/planning/answer_scenario.hpp"
#include "sim/values/quantity_text.hpp"

namespace superpod::scenarios {
namespace {

/// Seconds of a step by cause.
struct Causes {
  std::vector<std::string> names;
  std::vector<double> seconds;
};

Causes causes_of(const QuestionFile& file, const Cluster& cluster, const models::MappingChoice& choice,
                 const Library& library) {
  ScenarioFile scenario = read_answer("a mapping to compare", scenario_of(file, cluster, choice), library);
  scenario.scenario.uncertainty.reset();
  const TrainingAnswer answer = simulated_training(scenario);
  Causes causes;
  for (std::size_t c = 0; c < answer.by_cause.causes.size(); ++c) {
    causes.names.push_back(answer.by_cause.causes[c]);
    std::ranges::replace(causes.names.back(), '-', ' ');
    causes.seconds.push_back(answer.by_cause.mean[c].in(unit::s));
  }
  return causes;
}

/// Where one step is longer than another, most first: `computation +1.2 s, bubble +0.3 s, tensor collectives
/// -0.8 s`.
std::string difference(const Causes& own, const Causes& best) {
  std::vector<std::pair<double, std::string>> parts;
  const auto seconds_in = [](const Causes& causes, const std::string& name) {
    const auto at = std::ranges::find(causes.names, name);
    return at == causes.names.end() ? 0.0
                                    : causes.seconds[static_cast<std::size_t>(at - causes.names.begin())];
  };
  for (std::size_t i = 0; i < own.names.size(); ++i)
    parts.emplace_back(own.seconds[i] - seconds_in(best, own.names[i]), own.names[i]);
  for (std::size_t i = 0; i < best.names.size(); ++i)
    if (std::ranges::find(own.names, best.names[i]) == own.names.end())
      parts.emplace_back(-best.seconds[i], best.names[i]);
  std::ranges::stable_sort(parts, std::greater{}, [](const auto& part) { return std::abs(part.first); });
  std::string words;
  constexpr std::size_t told = 4;
  for (std::size_t i = 0; i < std::min(told, parts.size()); ++i) {
    if (std::abs(parts[i].first) < 5e-3) break;
    char number[32];
    std::snprintf(number, sizeof number, "%+.2f s", parts[i].first);
    words += (words.empty() ? "" : ", ") + parts[i].second + " " + number;
  }
  return words;
}

struct Compared {
  std::vector<std::string> names, systems, mappings, best, differences;
  std::vector<double> steps, best_steps, faster;
  std::vector<std::int64_t> place;
};

std::string sentence(const Compared& rows, std::size_t row) {
  const std::string& name = rows.names[row];
  if (std::isnan(rows.steps[row]))
    return " " + name + " cannot run on " + rows.systems[row] + ": " + rows.differences[row] + ".";
  if (rows.place[row] == 1)
    return " " + name + " (" + rows.mappings[row] + ") is the best that was found on " + rows.systems[row] +
           ".";
  char share[32];
  std::snprintf(share, sizeof share, "%.1f %%", 100 * rows.faster[row]);
  return " " + name + " (" + rows.mappings[row] + ") takes " + text(Seconds{rows.steps[row]}) +
         " a step, which is place " + std::to_string(rows.place[row]) + " of those simulated; " +
         rows.best[row] + " is " + share + " faster. What " + name +
         " takes longer for, and shorter: " + rows.differences[row] + ".";
}

}  // namespace

std::string add_comparison(const QuestionFile& file, const std::vector<Cluster>& clusters,
                           const std::vector<Answer>& answers, const Library& library,
                           analysis::Result& result) {
  Compared rows;
  std::string sentences;
  for (const OwnMapping& mapping : file.question.compare)
    for (std::size_t c = 0; c < clusters.size(); ++c) {
      if (file.question.candidates[clusters[c].candidate].system.name != mapping.system) continue;
      const auto best = std::ranges::min_element(answers, {}, [&](const Answer& a) {
        return a.cluster == c ? a.step.seen.per_sequence() : Seconds{1e300};
      });
      if (best == answers.end() || best->cluster != c) continue;
      const OwnStep own = own_step(clusters[c], mapping);
      const bool runs = own.misfit.empty();
      const Seconds per_sequence = own.step.seen.per_sequence();
      const auto faster = std::ranges::count_if(answers, [&](const Answer& a) {
        return a.cluster == c && a.step.seen.per_sequence() < per_sequence * (1 - 1e-9);
      });
      rows.names.push_back(mapping.name);
      rows.systems.push_back(clusters[c].system.name + ", " + clusters[c].size);
      rows.mappings.push_back(models::words(own.step.choice(), clusters[c].npus));
      rows.best.push_back(models::words(best->step.choice(), clusters[c].npus));
      rows.steps.push_back(runs ? own.step.step().in(unit::s) : std::nan(""));
      rows.best_steps.push_back(best->step.step().in(unit::s));
      rows.faster.push_back(runs ? 1 - best->step.seen.per_sequence() / per_sequence : std::nan(""));
      rows.place.push_back(runs ? faster + 1 : 0);
      rows.differences.push_back(runs ? difference(causes_of(file, clusters[c], own.step.choice(), library),
                                                   causes_of(file, clusters[c], best->step.choice(), library))
                                      : own.misfit);
      sentences += sentence(rows, rows.names.size() - 1);
    }
  if (rows.names.empty()) return {};
  result.tables.push_back(
      {"compared",
       "own_mapping",
       "mappings of one's own beside the best that was found",
       {{"name", "", "as the plan calls it", rows.names},
        {"system", "", "and size", rows.systems},
        {"mapping", "", "in short", rows.mappings},
        {"step_time_s", "s", "simulated", rows.steps},
        {"place", "", "among the mappings simulated there; 0: it cannot run", rows.place},
        {"best", "", "mapping that was found", rows.best},
        {"best_step_time_s", "s", "of that", rows.best_steps},
        {"faster", "", "by what share of the time for a sequence the best is faster", rows.faster},
        {"difference", "", "seconds of the step by cause, own less best; or why it cannot run",
         rows.differences}}});
  return sentences;
}

}  // namespace superpod::scenarios
