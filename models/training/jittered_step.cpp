#include "models/training/jittered_step.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "models/random/random.hpp"
#include "models/training/slot_chains.hpp"
#include "sim/values/index.hpp"

namespace superpod::models {
namespace {

/// A replica that may be the slowest.
struct Candidate {
  double estimate = 0;
  std::uint64_t replica = 0;
};

/// The `few` candidates with the largest estimates, largest first.
void keep_slowest(std::vector<Candidate>& candidates, std::size_t few) {
  few = std::min(few, candidates.size());
  std::partial_sort(candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(few),
                    candidates.end(), [](const Candidate& a, const Candidate& b) {
                      return a.estimate > b.estimate || (a.estimate == b.estimate && a.replica < b.replica);
                    });
  candidates.resize(few);
}

void draw(const Jitter& jitter, double group, std::uint64_t stream, std::uint64_t replica,
          std::vector<double>& factors) {
  for (std::size_t s = 0; s < factors.size(); ++s)
    factors[s] = slowest(jitter, group, random_number(stream, replica * factors.size() + s));
}

/// Of the machine that `stream` draws; the slowest first.
std::vector<DrawnReplica> slowest_replicas(const Jitter& jitter, const Replicas& replicas,
                                           std::uint64_t stream, const std::vector<SlotChains::Plane>& planes,
                                           const SlotChains& chains) {
  constexpr std::size_t by_plane = 32, by_chains = 2;
  std::vector<double> factors(chains.pipeline_ranks()), update(factors.size());
  std::vector<Candidate> candidates;
  for (std::uint64_t r = 0; r < static_cast<std::uint64_t>(replicas.count); ++r) {
    draw(jitter, replicas.group, stream, r, factors);
    double estimate = 0;
    for (const auto& plane : planes) estimate = std::max(estimate, plane.step(factors));
    candidates.push_back({estimate, r});
    for (std::size_t s = 0; s < factors.size(); ++s) update[s] = std::max(update[s], factors[s]);
  }
  keep_slowest(candidates, by_plane);
  for (Candidate& one : candidates) {
    draw(jitter, replicas.group, stream, one.replica, factors);
    one.estimate = chains.step(factors);
  }
  keep_slowest(candidates, by_chains);
  std::vector<DrawnReplica> slowest;
  for (const Candidate& one : candidates)
    slowest.push_back({group_factors(jitter, replicas, stream, one.replica), update});
  return slowest;
}

/// Planes below the estimate where all are equally slow, and where one pipeline rank is slower than the
/// others.
std::vector<SlotChains::Plane> planes_of(const SlotChains& chains, const Jitter& jitter, double group) {
  constexpr double median = 0.5, rare = 0.999;
  std::vector<double> factors(chains.pipeline_ranks(), slowest(jitter, group, median));
  std::vector<SlotChains::Plane> planes{chains.plane(factors)};
  for (double& of_rank : factors) {
    const double usual = std::exchange(of_rank, slowest(jitter, group, rare));
    planes.push_back(chains.plane(factors));
    of_rank = usual;
  }
  return planes;
}

/// The value below which another draw lies with probability `share`: the i-th of n sorted values has i / (n +
/// 1) below it, whatever the distribution. Beyond the first and the last there is nothing to say: they are
/// the answer.
Seconds quantile(const std::vector<Seconds>& sorted, double share) {
  const auto count = static_cast<double>(sorted.size());
  const double at = std::clamp(share * (count + 1) - 1, 0.0, count - 1);
  const auto below = static_cast<std::size_t>(at);
  const auto above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

void summarise(JitteredStep& step) {
  const auto count = static_cast<double>(step.steps.size());
  for (const Seconds one : step.steps) step.mean += one / count;
  double squares = 0;
  for (const Seconds one : step.steps) squares += std::pow((one - step.mean).in(unit::s), 2);
  step.standard_error = std::sqrt(squares / (count - 1) / count) * unit::s;
  std::vector<Seconds> sorted = step.steps;
  std::ranges::sort(sorted);
  step.low = quantile(sorted, 0.05);
  step.high = quantile(sorted, 0.95);
}

}  // namespace

Replicas replicas_of(const Mapping& mapping) {
  Replicas replicas{1, 1, mapping.pipe.ranks};
  for (const int d : mapping.data) replicas.count *= mapping.grid[index(d)].size;
  for (const int d : mapping.expert_group()) replicas.group *= mapping.grid[index(d)].size;
  return replicas;
}

std::vector<double> group_factors(const Jitter& jitter, const Replicas& replicas, std::uint64_t stream,
                                  std::uint64_t replica) {
  std::vector<double> factors(index(replicas.pipeline_ranks));
  draw(jitter, replicas.group, stream, replica, factors);
  return factors;
}

TaskGraph stretched(const TrainingWork& planned, const DrawnReplica& replica) {
  TaskGraph work = planned.plan.work;
  std::vector<std::size_t> pipeline_rank(planned.plan.platform.ranks.size());
  std::size_t rank = 0;
  for (std::size_t s = 0; s < planned.slots.size(); ++s) {
    if (s > 0 && planned.slots[s].ranks != planned.slots[s - 1].ranks) ++rank;
    for (const RankId of : planned.slots[s].ranks) pipeline_rank[index(of)] = rank;
  }
  for (std::size_t t = 0; t < work.tasks().size(); ++t) {
    const TaskGraph::Task& task = work.tasks()[t];
    if (task.kind != TaskGraph::Kind::occupy) continue;
    const bool update = work.labels()[index(task.label)].cause == "optimizer";
    const auto of = pipeline_rank[index(planned.plan.platform.devices[index(task.target)].rank)];
    work.scale(static_cast<TaskId>(t), (update ? replica.update : replica.passes)[of]);
  }
  return work;
}

JitteredStep jittered_step(const TrainingWork& planned, const Jitter& jitter, std::uint64_t seed,
                           const std::function<Trace(const Platform&, const TaskGraph&)>& run) {
  const Platform& platform = planned.plan.platform;
  const Trace trace = run(platform, planned.plan.work);
  const SlotChains chains{planned, trace};
  const Replicas replicas = replicas_of(planned.mapping);
  const auto planes = planes_of(chains, jitter, replicas.group);
  JitteredStep result{trace.makespan, {}, {}, {}, {}, {}};
  for (int sample = 0; sample < jitter.samples; ++sample) {
    Seconds slowest;
    const std::uint64_t machine = stream(seed, static_cast<std::uint64_t>(sample));
    for (const DrawnReplica& replica : slowest_replicas(jitter, replicas, machine, planes, chains))
      slowest = std::max(slowest, run(platform, stretched(planned, replica)).makespan);
    result.steps.push_back(slowest);
  }
  summarise(result);
  return result;
}

}  // namespace superpod::models
