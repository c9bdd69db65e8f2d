#include "models/training/phases.hpp"

#include <algorithm>
#include <stdexcept>

#include "sim/values/index.hpp"

namespace superpod::models {
namespace {

/// The rank whose time a task takes; -1 for joins.
RankId rank_of(const Work& plan, const TaskGraph::Task& task) {
  switch (task.kind) {
    case TaskGraph::Kind::occupy:
      return plan.platform.devices[index(task.target)].rank;
    case TaskGraph::Kind::move:
      return plan.platform.routes[index(task.target)].from;
    case TaskGraph::Kind::join:
      break;
  }
  return -1;
}

Seconds Phases::*phase_of(const Slot& slot) {
  using Kind = ScheduledPass::Kind;
  if (slot.size() > 1) return &Phases::forward_with_backward;
  switch (slot.front().kind) {
    case Kind::forward:
      return &Phases::forward;
    case Kind::backward:
    case Kind::backward_input:
      return &Phases::backward;
    case Kind::backward_weight:
      return &Phases::backward_weights;
  }
  throw std::logic_error{"phases: a slot of no known kind"};
}

}  // namespace

const std::array<Phases::Field, 7>& Phases::fields() {
  static constexpr std::array<Field, 7> all{
      {{"forward", "forward passes alone", &Phases::forward},
       {"forward_with_backward", "a forward and a backward pass, overlapped", &Phases::forward_with_backward},
       {"backward", "backward passes alone, with the gradients of weights unless these are put off",
        &Phases::backward},
       {"backward_weights", "gradients of weights that were put off, alone", &Phases::backward_weights},
       {"bubble", "no pass under way, until the last rank has ended its last", &Phases::bubble},
       {"gradient_reduction", "what is left of it when all passes have ended", &Phases::gradient_reduction},
       {"optimizer", "weights are updated and gathered", &Phases::optimizer}}};
  return all;
}

std::vector<std::vector<Span>> slot_times(const TrainingWork& planned, const Work& plan, const Trace& trace) {
  std::vector<std::vector<Span>> times;
  std::vector<Seconds> begins(plan.platform.ranks.size());
  for (const SlotTasks& slot : planned.slots) {
    for (std::size_t r = 0; r < slot.ranks.size(); ++r)
      begins[index(slot.ranks[r])] = trace.tasks[index(slot.end[r])].finish;
    for (TaskId id = slot.first; id < slot.last; ++id)
      if (const RankId rank = rank_of(plan, plan.work.tasks()[index(id)]); rank >= 0)
        begins[index(rank)] = std::min(begins[index(rank)], trace.tasks[index(id)].start);
    std::vector<Span>& of_slot = times.emplace_back();
    for (std::size_t r = 0; r < slot.ranks.size(); ++r)
      of_slot.push_back({begins[index(slot.ranks[r])], trace.tasks[index(slot.end[r])].finish});
  }
  return times;
}

std::vector<Phases> phases_of_ranks(const TrainingWork& planned, const Work& plan, const Trace& trace) {
  const auto times = slot_times(planned, plan, trace);
  Seconds drained;
  for (const auto& of_slot : times)
    for (const Span& span : of_slot) drained = std::max(drained, span.finish);
  const Seconds reduced = trace.tasks[index(planned.all_gradients)].finish;

  std::vector<Phases> phases(plan.platform.ranks.size());
  std::vector<Seconds> worked_until(phases.size());
  for (std::size_t s = 0; s < times.size(); ++s)
    for (std::size_t r = 0; r < times[s].size(); ++r) {
      const auto& [start, finish] = times[s][r];
      const std::size_t rank = index(planned.slots[s].ranks[r]);
      phases[rank].*phase_of(planned.slots[s].slot) += finish - start;
      phases[rank].bubble += start - worked_until[rank];
      worked_until[rank] = finish;
    }
  for (std::size_t rank = 0; rank < phases.size(); ++rank) {
    phases[rank].bubble += drained - worked_until[rank];
    phases[rank].gradient_reduction = reduced - drained;
    phases[rank].optimizer = trace.makespan - reduced;
  }
  return phases;
}

Phases phases(const TrainingWork& planned, const Work& plan, const Trace& trace) {
  const auto of_ranks = phases_of_ranks(planned, plan, trace);
  Phases mean;
  double count = 0;
  for (std::size_t r = 0; r < of_ranks.size(); ++r) {
    const double here = plan.platform.ranks[r].count;
    for (const auto& field : Phases::fields()) mean.*field.time += here * of_ranks[r].*field.time;
    count += here;
  }
  for (const auto& field : Phases::fields()) mean.*field.time = mean.*field.time / count;
  return mean;
}

}  // namespace superpod::models
