#include "scenarios/planning/plan.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

#include "scenarios/answers/training_result.hpp"
#include "scenarios/planning/answer_scenario.hpp"
#include "scenarios/planning/answers.hpp"
#include "scenarios/planning/comparison.hpp"
#include "scenarios/planning/plan_tables.hpp"
#include "scenarios/planning/plan_verdict.hpp"
#include "scenarios/run/runnable.hpp"
#include "sim/version/version.hpp"

namespace superpod::scenarios {
namespace {

/// `work(i)` for each i, on some threads; the first exception is thrown when all have stopped.
void for_each_index(std::size_t count, int threads, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex guard;
  const auto take = [&] {
    for (std::size_t i = next++; i < count; i = next++) try {
        work(i);
      } catch (...) {
        const std::scoped_lock lock{guard};
        if (!failure) failure = std::current_exception();
        next = count;
      }
  };
  std::vector<std::jthread> others;
  for (int t = 1; t < std::min(threads, static_cast<int>(count)); ++t) others.emplace_back(take);
  take();
  others.clear();
  if (failure) std::rethrow_exception(failure);
}

/// Counts what is done and tells it.
class Counter {
 public:
  Counter(const PlanProgress& progress, std::string doing, std::size_t all)
      : progress_{progress}, doing_{std::move(doing)}, all_{all} {}
  void done() {
    const std::scoped_lock lock{guard_};
    ++done_;
    if (progress_) progress_(doing_, static_cast<double>(done_) / static_cast<double>(all_));
  }

 private:
  const PlanProgress& progress_;
  std::string doing_;
  std::size_t all_, done_ = 0;
  std::mutex guard_;
};

std::vector<ClusterSearch> search_all(const Question& question, const std::vector<Cluster>& clusters,
                                      int threads, const PlanProgress& progress) {
  std::vector<ClusterSearch> searches(clusters.size());
  Counter counter{progress, "searching", clusters.size()};
  for_each_index(clusters.size(), threads, [&](std::size_t i) {
    searches[i] = searched(question, clusters[i]);
    counter.done();
  });
  return searches;
}

/// Intervals of the best answer of each system.
void add_intervals(const std::vector<Cluster>& clusters, std::vector<Answer>& answers, int threads,
                   const PlanProgress& progress) {
  std::vector<Answer*> best;
  for (Answer& answer : answers)
    if (answer.best_of_system) best.push_back(&answer);
  Counter counter{progress, "intervals", best.size()};
  for_each_index(best.size(), threads, [&](std::size_t i) {
    add_interval(clusters[best[i]->cluster], best[i]->step);
    counter.done();
  });
}

/// The best answer, simulated as any training is, with intervals.
struct BestRun {
  ScenarioFile scenario;
  TrainingAnswer answer;
};

BestRun simulated(const std::string& yaml, const Library& library) {
  ScenarioFile scenario = read_answer("the best answer", yaml, library);
  if (!scenario.scenario.uncertainty) scenario.scenario.uncertainty.emplace();
  TrainingAnswer answer = simulated_training(scenario);
  return {std::move(scenario), std::move(answer)};
}

}  // namespace

analysis::Result plan(const QuestionFile& file, const Library& library, int threads,
                      const PlanProgress& progress) {
  const Question& question = file.question;
  const std::vector<Cluster> clusters = clusters_of(question);
  const std::vector<ClusterSearch> searches = search_all(question, clusters, threads, progress);
  std::vector<Answer> answers = answers_of(question, clusters, searches);
  add_intervals(clusters, answers, threads, progress);

  std::vector<std::string> scenarios;
  for (const Answer& answer : answers)
    scenarios.push_back(scenario_of(file, clusters[answer.cluster], answer.step.choice()));
  std::optional<BestRun> best;
  analysis::Result result;
  if (!answers.empty()) {
    if (progress) progress("the best answer", 0);
    best = simulated(scenarios.front(), library);
    result = result_of(best->answer);
    add_head(best->scenario, models::Detail::folded, result);
  }
  result.name = question.name;
  result.kind = "plan";
  result.system = answers.empty() ? std::string{} : clusters[answers.front().cluster].system.name;
  result.version = version();
  result.scenario_text = file.text;
  result.seed = question.seed;
  result.engine = "folded";
  const Planned planned{question, clusters, searches, answers};
  const SearchSummary search = summary_of(searches);
  add_plan_figures(planned, search, result);
  add_plan_tables(planned, scenarios, result);
  const std::string compared = add_comparison(file, clusters, answers, library, result);
  result.verdict = verdict(planned, search, best ? &best->answer : nullptr) + compared;
  return result;
}

}  // namespace superpod::scenarios
