#include "scenarios/planning/cluster.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "models/hardware/kernel_time.hpp"
#include "models/training/feasibility.hpp"
#include "models/training/step.hpp"
#include "sim/engine/engine.hpp"
#include "sim/values/quantity_text.hpp"
#include "topology/fabric/wiring.hpp"

namespace superpod::scenarios {
namespace {

using models::Candidate;
using models::Choice;
using models::Simulated;
using models::TrainingWorkload;

std::string count_of_units(int count, std::string level) {
  if (count != 1 && level.ends_with("f")) level.replace(level.size() - 1, 1, "ve");  // leaves
  return std::to_string(count) + " " + level + (count == 1 ? "" : level.ends_with("s") ? "es" : "s");
}

TrainingWorkload workload_of(const Question& question, const CandidateSystem& candidate) {
  TrainingWorkload workload = question.training();
  if (candidate.precision) workload.precision = *candidate.precision;
  if (candidate.expert_all_to_all) workload.expert_all_to_all = *candidate.expert_all_to_all;
  if (candidate.communication_cores) workload.communication_cores = *candidate.communication_cores;
  return workload;
}

Cluster cluster_of(const Question& question, std::size_t i, int units) {
  const CandidateSystem& candidate = question.candidates[i];
  Cluster cluster;
  cluster.candidate = i;
  cluster.system = candidate.system.value;
  cluster.system.levels.front().count = units;
  cluster.workload = workload_of(question, candidate);
  cluster.npus = static_cast<double>(topology::npus(cluster.system.fabric()));
  cluster.size = count_of_units(units, cluster.system.levels.front().name);
  cluster.bill = models::bill(cluster.system, question.prices_of(candidate));
  cluster.power = models::power(cluster.bill, question.site);
  const models::Chip& chip = cluster.system.chip.value;
  const auto& supply = question.supply.chips ? question.supply.chips : chip.supply;
  if (!supply) return cluster;
  if (const auto made = models::output(*supply, chip.dies ? chip.dies->value : 1))
    cluster.delivery = models::delivery(cluster.npus, *made, question.supply);
  return cluster;
}

/// A limit that the cluster is beyond by itself, whatever it trains.
std::optional<Reject> beyond_limits(const Limits& limits, const Cluster& cluster) {
  const auto reject = [](const std::string& limit, const std::string& used, const std::string& most) {
    return Reject{"limit: " + limit, "it needs " + used + ", the limit is " + most, {}, 1};
  };
  const auto count = [](double value) { return std::to_string(std::llround(value)); };
  if (limits.npus && cluster.npus > *limits.npus)
    return reject("npus", count(cluster.npus) + " NPUs", count(*limits.npus));
  if (limits.cabinets && cluster.bill.cabinets.known > *limits.cabinets)
    return reject("cabinets", count(cluster.bill.cabinets.known) + " cabinets", count(*limits.cabinets));
  if (limits.power && cluster.power.total.known > *limits.power)
    return reject("power", text(cluster.power.total.known), text(*limits.power));
  if (limits.floor && cluster.bill.floor.known > *limits.floor)
    return reject("floor", text(cluster.bill.floor.known), text(*limits.floor));
  if (limits.delivery && cluster.delivery && cluster.delivery->expected > *limits.delivery)
    return reject("delivery", text(cluster.delivery->expected), text(*limits.delivery));
  return std::nullopt;
}

/// Simulates choices on one cluster.
class Bench {
 public:
  Bench(const Cluster& cluster, std::vector<std::vector<models::Dimension>> orders)
      : cluster_{cluster}, orders_{std::move(orders)}, wiring_{cluster.system.fabric()} {}

  [[nodiscard]] Simulated simulate(const Candidate& candidate) const {
    const TrainingWorkload workload = this->workload(candidate.choice);
    const auto planned = models::plan(workload, cluster_.system.chip.value, wiring_, models::Detail::folded);
    Simulated seen{candidate, run_bare(planned.plan.platform, planned.plan.work).makespan.in(unit::s), 0, 0};
    for (const models::RankMemory& of_rank : planned.memory) {
      seen.memory = std::max(seen.memory, of_rank.total().in(unit::B));
      seen.state = std::max(seen.state, of_rank.optimizer.in(unit::B));
    }
    return seen;
  }

  [[nodiscard]] double step(const TrainingWorkload& workload, const models::Chip& chip) const {
    const auto planned = models::plan(workload, chip, wiring_, models::Detail::folded);
    return run_bare(planned.plan.platform, planned.plan.work).makespan.in(unit::s);
  }
  [[nodiscard]] TrainingWorkload workload(const Choice& choice) const {
    return models::with(cluster_.workload, choice, orders_[static_cast<std::size_t>(choice.order)]);
  }
  [[nodiscard]] const topology::Wiring& wiring() const { return wiring_; }

 private:
  const Cluster& cluster_;
  std::vector<std::vector<models::Dimension>> orders_;
  topology::Wiring wiring_;
};

/// Candidates that cannot meet the deadline even without failures.
double drop_late(const Question& question, double sequence_length, std::vector<Candidate>& candidates) {
  if (!question.limits.deadline) return 0;
  const double deadline = question.limits.deadline->in(unit::s);
  const auto late = [&](const Candidate& c) {
    return c.per_sequence() * question.tokens / sequence_length > deadline;
  };
  const auto all = static_cast<double>(candidates.size());
  // If none is in time, the fastest still shows by how much it is missed.
  if (std::ranges::all_of(candidates, late)) return 0;
  std::erase_if(candidates, late);
  return all - static_cast<double>(candidates.size());
}

}  // namespace

std::vector<Cluster> clusters_of(const Question& question) {
  std::vector<Cluster> clusters;
  for (std::size_t i = 0; i < question.candidates.size(); ++i) {
    const CandidateSystem& candidate = question.candidates[i];
    const auto& system = candidate.system.value;
    if (candidate.npus.empty()) clusters.push_back(cluster_of(question, i, system.levels.front().count));
    for (const int npus : candidate.npus)
      clusters.push_back(cluster_of(question, i, static_cast<int>(npus / npus_of_unit(system))));
  }
  return clusters;
}

ClusterSearch search(const Question& question, const Cluster& cluster) {
  ClusterSearch found;
  const auto reject = [&](Reject why) {
    found.rejects.push_back(std::move(why));
    return found;
  };
  if (auto beyond = beyond_limits(question.limits, cluster)) return reject(std::move(*beyond));
  const models::Chip& chip = cluster.system.chip.value;
  if (const auto missing = models::lacking(chip, models::matrix_precisions(cluster.workload.precision));
      !missing.empty())
    return reject({"precision",
                   chip.name + " has no figure for '" + missing.front() +
                       "': give the candidate a `precision` that it has",
                   {},
                   1});
  if (const auto flaws = topology::flaws(cluster.system.fabric()); !flaws.empty())
    return reject({"shape", flaws.front().message, {}, 1});

  const auto orders = models::orders_of(question.search);
  const Bench bench{cluster, orders};
  models::StepBounds bounds{cluster.workload, chip, bench.wiring()};
  models::Searched walked =
      models::search(bounds, cluster.workload, cluster.system.fabric(), chip, question.search,
                     {cluster.workload.batch, question.effort.batch_tolerance});
  found.mappings = walked.choices;
  for (const models::Rejection& rejection : walked.rejections) {
    found.rejects.push_back(
        {rejection.stage, rejection.reason, models::words(rejection.example, cluster.npus), rejection.count});
    if (rejection.stage == "memory") found.without_memory += rejection.count;
  }
  const double late = drop_late(question, cluster.workload.sequence_length, walked.candidates);
  if (late > 0) found.rejects.push_back({"bound", "even their least time is beyond the deadline", {}, late});

  models::Best best = models::best_of(
      std::move(walked.candidates), {question.effort.simulations, 4, question.effort.refinements},
      [&](const Candidate& candidate) {
        return bounds.refined(candidate.choice, orders[static_cast<std::size_t>(candidate.choice.order)]);
      },
      [&](std::span<const Candidate> candidates) {
        std::vector<Simulated> seen;
        for (const Candidate& candidate : candidates) seen.push_back(bench.simulate(candidate));
        return seen;
      });
  found.pruned = best.pruned + late;
  found.misfits = static_cast<double>(best.misfits.size());
  found.open_gap = best.open_gap();
  found.proven = best.proven();
  if (best.pruned > 0)
    found.rejects.push_back(
        {"bound", "even their least time is above the fastest step that was simulated", {}, best.pruned});
  if (!best.misfits.empty())
    found.rejects.push_back({"memory",
                             "once its stages are cut, one needs " + text(Bytes{best.misfits.front().memory}),
                             models::words(best.misfits.front().choice, cluster.npus), found.misfits});
  if (best.left > best.pruned)
    found.rejects.push_back({"effort",
                             "not simulated: could be at most " +
                                 std::to_string(std::lround(100 * found.open_gap)) +
                                 " % faster than the fastest that was",
                             {},
                             best.left - best.pruned});
  const double capacity = chip.memory->value.in(unit::B);
  for (const Simulated& seen : best.steps) {
    const Choice& choice = seen.candidate.choice;
    found.steps.push_back({choice, orders[static_cast<std::size_t>(choice.order)], seen.candidate.step,
                           seen.step, 0, 0, seen.memory / capacity, seen.state});
  }
  found.simulated = std::move(best.steps);
  return found;
}

OwnStep simulate(const Cluster& cluster, const OwnMapping& mapping) {
  const models::Parallelism& p = mapping.parallel;
  Choice choice{p.tensor, p.context, p.expert, p.pipeline, p.virtual_stages, p.zero, mapping.microbatch};
  choice.schedule = mapping.schedule;
  choice.recompute = mapping.recompute;
  choice.batch = cluster.workload.batch;
  OwnStep own;
  own.step.choice = choice;
  own.step.order = p.order;
  const Bench bench{cluster, {p.order}};
  if (const auto flaws = models::flaws(bench.workload(choice), cluster.system); !flaws.empty()) {
    own.misfit = flaws.front().message;
    return own;
  }
  models::StepBounds bounds{cluster.workload, cluster.system.chip.value, bench.wiring()};
  const double bound = bounds.refined(choice, p.order).step;
  const Simulated seen = bench.simulate({choice, bound});
  own.step = {choice,
              p.order,
              bound,
              seen.step,
              0,
              0,
              seen.memory / cluster.system.chip.value.memory->value.in(unit::B),
              seen.state};
  return own;
}

void add_interval(const Cluster& cluster, FoundStep& step) {
  const Bench bench{cluster, {step.order}};
  Choice choice = step.choice;
  choice.order = 0;
  const TrainingWorkload workload = bench.workload(choice);
  step.step_low = step.step_high = step.step;
  for (const double sigmas : {-1.0, 1.0}) {
    const double other = bench.step(workload, models::with_kernels_off(cluster.system.chip.value, sigmas));
    step.step_low = std::min(step.step_low, other);
    step.step_high = std::max(step.step_high, other);
  }
}

}  // namespace superpod::scenarios
