#include "models/training/slot_chains.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <stdexcept>
#include <tuple>

#include "sim/values/index.hpp"

namespace superpod::models {
namespace {

using Kind = ScheduledPass::Kind;

/// Seconds that an average rank of a slot computes in it.
double computation_in(const SlotTasks& slot, const std::vector<TaskGraph::Task>& tasks,
                      const Platform& platform) {
  double seconds = 0, ranks = 0;
  for (TaskId id = slot.first; id < slot.last; ++id)
    if (const auto& task = tasks[index(id)]; task.kind == TaskGraph::Kind::occupy)
      seconds += task.amount * platform.ranks[index(platform.devices[index(task.target)].rank)].count;
  for (const RankId rank : slot.ranks) ranks += platform.ranks[index(rank)].count;
  return seconds / ranks;
}

/// Mean time of what goes from one pipeline rank to another.
double mean_transfer(const Work& plan, const Trace& trace) {
  double seconds = 0, moves = 0;
  for (std::size_t t = 0; t < plan.work.tasks().size(); ++t) {
    const auto& task = plan.work.tasks()[t];
    if (task.kind != TaskGraph::Kind::move ||
        plan.work.labels()[index(task.label)].cause != "pipeline transfer")
      continue;
    seconds += (trace.tasks[t].finish - trace.tasks[t].start).in(unit::s);
    moves += 1;
  }
  return moves > 0 ? seconds / moves : 0;
}

}  // namespace

SlotChains::SlotChains(const TrainingWork& planned, const Trace& trace)
    : pipeline_ranks_{index(planned.mapping.pipe.ranks)}, transfer_{mean_transfer(planned.plan, trace)} {
  link(planned);
  sort();
  std::vector<double> finished;
  for (std::size_t s = 0; s < slots_.size(); ++s) {
    slots_[s].computation =
        computation_in(planned.slots[s], planned.plan.work.tasks(), planned.plan.platform);
    Seconds finish;
    for (const TaskId end : planned.slots[s].end) finish = std::max(finish, trace.tasks[index(end)].finish);
    finished.push_back(finish.in(unit::s));
  }
  for (std::size_t s = 0; s < slots_.size(); ++s)
    slots_[s].exchanges = finished[s] - ready(slots_[s], finished).at - slots_[s].computation;
  rest_ = trace.makespan.in(unit::s) - *std::ranges::max_element(finished);
}

/// Finds the slots that the passes of each slot wait for.
void SlotChains::link(const TrainingWork& planned) {
  const Pipeline& pipe = planned.mapping.pipe;
  std::map<std::tuple<bool, int, int>, std::size_t> slot_of;  // (forward, stage, microbatch)
  std::vector<std::tuple<std::size_t, bool, int, int>> wants;
  for (std::size_t s = 0; s < planned.slots.size(); ++s) {
    const bool same_rank = s > 0 && planned.slots[s].ranks == planned.slots[s - 1].ranks;
    const std::size_t rank = s == 0 ? 0 : slots_.back().rank + (same_rank ? 0 : 1);
    slots_.push_back({.rank = rank, .before = same_rank ? s - 1 : none, .inputs = {}});
    for (const ScheduledPass& pass : planned.slots[s].slot) {
      if (pass.kind == Kind::backward_weight) continue;
      const bool forward = pass.kind == Kind::forward;
      const int stage = pipe.stage(static_cast<int>(rank), pass.chunk);
      slot_of[{forward, stage, pass.microbatch}] = s;
      const int input = forward ? stage - 1 : stage + 1;
      if (input >= 0 && input < pipe.stages()) wants.emplace_back(s, forward, input, pass.microbatch);
    }
  }
  for (const auto& [slot, forward, stage, microbatch] : wants)
    slots_[slot].inputs.push_back(slot_of.at({forward, stage, microbatch}));
}

void SlotChains::sort() {
  std::vector<std::size_t> waits_for(slots_.size());
  std::vector<std::vector<std::size_t>> followers(slots_.size());
  for (std::size_t s = 0; s < slots_.size(); ++s) {
    std::vector<std::size_t> before = slots_[s].inputs;
    if (slots_[s].before != none) before.push_back(slots_[s].before);
    for (const std::size_t earlier : before) followers[earlier].push_back(s);
    waits_for[s] = before.size();
    if (before.empty()) order_.push_back(s);
  }
  for (std::size_t next = 0; next < order_.size(); ++next)
    for (const std::size_t later : followers[order_[next]])
      if (--waits_for[later] == 0) order_.push_back(later);
  if (order_.size() != slots_.size())
    throw std::logic_error{"slot chains: slots wait for each other in a circle"};
}

SlotChains::Ready SlotChains::ready(const Slot& slot, const std::vector<double>& ends) const {
  Ready result;
  if (slot.before != none) result = {ends[slot.before], slot.before};
  for (const std::size_t input : slot.inputs) {
    const double there = ends[input] + (slots_[input].rank == slot.rank ? 0 : transfer_);
    if (result.last == none || there > result.at) result = {there, input};
  }
  return result;
}

std::vector<double> SlotChains::ends(std::span<const double> factors) const {
  std::vector<double> ends(slots_.size());
  for (const std::size_t s : order_) {
    const Slot& slot = slots_[s];
    ends[s] = ready(slot, ends).at + slot.exchanges + factors[slot.rank] * slot.computation;
  }
  return ends;
}

double SlotChains::step(std::span<const double> factors) const {
  const std::vector<double> at = ends(factors);
  return *std::ranges::max_element(at) + rest_;
}

SlotChains::Plane SlotChains::plane(std::span<const double> factors) const {
  const std::vector<double> at = ends(factors);
  Plane plane{0, std::vector<double>(pipeline_ranks_)};
  auto s = static_cast<std::size_t>(std::ranges::max_element(at) - at.begin());
  const double step = at[s] + rest_;
  for (; s != none; s = ready(slots_[s], at).last) plane.slope[slots_[s].rank] += slots_[s].computation;
  plane.at = step - std::inner_product(factors.begin(), factors.end(), plane.slope.begin(), 0.0);
  return plane;
}

double SlotChains::Plane::step(std::span<const double> factors) const {
  return std::inner_product(factors.begin(), factors.end(), slope.begin(), at);
}

}  // namespace superpod::models
