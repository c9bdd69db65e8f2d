#include "scenarios/planning/cluster.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "models/hardware/kernel_time.hpp"
#include "models/training/feasibility.hpp"
#include "models/training/step.hpp"
#include "sim/engine/engine.hpp"
#include "sim/values/quantity_text.hpp"
#include "topology/fabric/wiring.hpp"

namespace superpod::scenarios {
namespace {

using models::Candidate;
using models::MappingChoice;
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

/// Simulates steps of what one cluster trains.
class MappingSimulator {
 public:
  explicit MappingSimulator(const Cluster& cluster) : cluster_{cluster}, wiring_{cluster.system.fabric()} {}

  [[nodiscard]] models::Simulated simulated(const Candidate& candidate) const {
    const auto planned =
        models::plan(cluster_.workload.with(candidate.choice), chip(), wiring_, models::Detail::folded);
    models::Simulated seen{candidate, run_bare(planned.plan.platform, planned.plan.work).makespan, {}, {}};
    for (const models::RankMemory& of_rank : planned.memory) {
      seen.memory = std::max(seen.memory, of_rank.total());
      seen.state = std::max(seen.state, of_rank.optimizer);
    }
    return seen;
  }
  [[nodiscard]] std::vector<models::Simulated> simulated(std::span<const Candidate> candidates) const {
    std::vector<models::Simulated> all;
    for (const Candidate& candidate : candidates) all.push_back(simulated(candidate));
    return all;
  }

  /// On a chip that is a little faster or slower.
  [[nodiscard]] Seconds step(const MappingChoice& choice, const models::Chip& chip) const {
    const auto planned = models::plan(cluster_.workload.with(choice), chip, wiring_, models::Detail::folded);
    return run_bare(planned.plan.platform, planned.plan.work).makespan;
  }

  [[nodiscard]] FoundStep found(const models::Simulated& seen) const {
    return {seen, seen.memory / chip().memory->value, {}, {}};
  }
  [[nodiscard]] models::StepBounds bounds() const { return {cluster_.workload, chip(), wiring_}; }

 private:
  [[nodiscard]] const models::Chip& chip() const { return cluster_.system.chip.value; }

  const Cluster& cluster_;
  topology::Wiring wiring_;
};

/// Candidates that cannot meet the deadline even without failures.
double drop_late(const Question& question, double sequence_length, std::vector<Candidate>& candidates) {
  if (!question.limits.deadline) return 0;
  const auto late = [&](const Candidate& c) {
    return c.per_sequence() * question.tokens / sequence_length > *question.limits.deadline;
  };
  const auto all = static_cast<double>(candidates.size());
  // If none is in time, the fastest still shows by how much it is missed.
  if (std::ranges::all_of(candidates, late)) return 0;
  std::erase_if(candidates, late);
  return all - static_cast<double>(candidates.size());
}

/// Why a cluster cannot be searched at all.
std::optional<Reject> unfit(const Question& question, const Cluster& cluster) {
  if (auto beyond = beyond_limits(question.limits, cluster)) return beyond;
  const models::Chip& chip = cluster.system.chip.value;
  const auto missing = models::lacking(chip, models::matrix_precisions(cluster.workload.precision));
  if (!missing.empty())
    return Reject{"precision",
                  chip.name + " has no figure for '" + missing.front() +
                      "': give the candidate a `precision` that it has",
                  {},
                  1};
  if (const auto flaws = topology::flaws(cluster.system.fabric()); !flaws.empty())
    return Reject{"shape", flaws.front().message, {}, 1};
  return std::nullopt;
}

/// Counts what the walk has bounded and put out, and drops what is too late.
void add_walk(const Question& question, const Cluster& cluster, models::Searched& walked,
              ClusterSearch& found) {
  found.mappings = walked.choices;
  for (const models::Rejection& rejection : walked.rejections) {
    found.rejects.push_back(
        {rejection.stage, rejection.reason, models::words(rejection.example, cluster.npus), rejection.count});
    if (rejection.stage == "memory") found.without_memory += rejection.count;
  }
  found.pruned = drop_late(question, cluster.workload.sequence_length, walked.candidates);
  if (found.pruned > 0)
    found.rejects.push_back({"bound", "even their least time is beyond the deadline", {}, found.pruned});
}

/// Counts what the search has put out, and what it has left.
void add_best(const models::Best& best, const Cluster& cluster, ClusterSearch& found) {
  found.pruned += best.pruned;
  found.misfits = static_cast<double>(best.misfits.size());
  found.open_gap = best.open_gap();
  found.proven = best.proven();
  if (best.pruned > 0)
    found.rejects.push_back(
        {"bound", "even their least time is above the fastest step that was simulated", {}, best.pruned});
  if (!best.misfits.empty())
    found.rejects.push_back({"memory",
                             "once its stages are cut, one needs " + text(best.misfits.front().bound.memory),
                             models::words(best.misfits.front().choice, cluster.npus), found.misfits});
  if (best.left > best.pruned)
    found.rejects.push_back({"effort",
                             "not simulated: could be at most " +
                                 std::to_string(std::lround(100 * found.open_gap)) +
                                 " % faster than the fastest that was",
                             {},
                             best.left - best.pruned});
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

ClusterSearch searched(const Question& question, const Cluster& cluster) {
  ClusterSearch found;
  if (auto why = unfit(question, cluster)) {
    found.rejects.push_back(std::move(*why));
    return found;
  }
  const MappingSimulator simulator{cluster};
  models::StepBounds bounds = simulator.bounds();
  models::Searched walked =
      models::search(bounds, question.search, {cluster.workload.batch, question.effort.batch_tolerance});
  add_walk(question, cluster, walked, found);
  const models::Best best = models::best_of(
      std::move(walked.candidates), {question.effort.simulations, 4, question.effort.refinements},
      [&](const Candidate& candidate) { return bounds.refined(candidate.choice); },
      [&](std::span<const Candidate> candidates) { return simulator.simulated(candidates); });
  add_best(best, cluster, found);
  for (const models::Simulated& seen : best.steps) found.steps.push_back(simulator.found(seen));
  return found;
}

OwnStep own_step(const Cluster& cluster, const OwnMapping& mapping) {
  Candidate own{mapping, {}};
  own.choice.batch = cluster.workload.batch;
  own.choice.parallel.data.reset();  // what the others leave
  OwnStep result;
  result.step.seen.candidate = own;
  if (const auto flaws = models::flaws(cluster.workload.with(own.choice), cluster.system); !flaws.empty()) {
    result.misfit = flaws.front().message;
    return result;
  }
  const MappingSimulator simulator{cluster};
  own.bound = simulator.bounds().refined(own.choice);
  result.step = simulator.found(simulator.simulated(own));
  return result;
}

void add_interval(const Cluster& cluster, FoundStep& step) {
  const MappingSimulator simulator{cluster};
  step.low = step.high = step.step();
  for (const double sigmas : {-1.0, 1.0}) {
    const Seconds other =
        simulator.step(step.choice(), models::with_kernels_off(cluster.system.chip.value, sigmas));
    step.low = std::min(step.low, other);
    step.high = std::max(step.high, other);
  }
}

}  // namespace superpod::scenarios
