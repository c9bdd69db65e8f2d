#include "scenarios/answers/training_answer.hpp"

#include <algorithm>
#include <map>

#include "scenarios/asked/kernel_source.hpp"

namespace superpod::scenarios {
namespace {

std::string phase_of(const models::Slot& slot) {
  if (slot.size() > 1) return "forward+backward";
  switch (slot.front().kind) {
    case models::ScheduledPass::Kind::forward:
      return "forward";
    case models::ScheduledPass::Kind::backward:
      return "backward";
    case models::ScheduledPass::Kind::backward_input:
      return "backward input";
    case models::ScheduledPass::Kind::backward_weight:
      return "backward weights";
  }
  return {};
}

/// When the weights of each rank are updated.
std::map<RankId, Span> updates_of(const Ran& ran) {
  std::map<RankId, Span> updates;
  for (std::size_t t = 0; t < ran.plan.work.tasks().size(); ++t) {
    const auto& task = ran.plan.work.tasks()[t];
    if (task.kind != TaskGraph::Kind::occupy ||
        ran.plan.work.labels()[static_cast<std::size_t>(task.label)].cause != "optimizer")
      continue;
    const Span& span = ran.trace.tasks[t];
    const auto [at, added] =
        updates.try_emplace(ran.plan.platform.devices[static_cast<std::size_t>(task.target)].rank, span);
    if (!added)
      at->second = {std::min(at->second.start, span.start), std::max(at->second.finish, span.finish)};
  }
  return updates;
}

std::vector<SlotSpan> slots_of(const models::TrainingWork& planned, const Ran& ran) {
  std::vector<SlotSpan> rows;
  const auto times = models::slot_times(planned, ran.plan, ran.trace);
  for (std::size_t s = 0; s < times.size(); ++s) {
    const auto& [ranks, slot, first, last, end] = planned.slots[s];
    const Span& span = times[s].front();
    rows.push_back({ranks.front(), phase_of(slot), slot.front().microbatch, slot.front().chunk, span});
  }
  std::map<RankId, Span> updates = updates_of(ran);
  for (const auto& slot : planned.slots)
    if (const auto at = updates.find(slot.ranks.front()); at != updates.end()) {
      rows.push_back({slot.ranks.front(), "optimizer", -1, 0, at->second});
      updates.erase(at);
    }
  return rows;
}

std::vector<StepKernel> kernels_of(const std::vector<models::KernelCount>& kernels,
                                   const models::Chip& chip) {
  std::vector<StepKernel> all;
  for (const models::KernelCount& kernel : kernels)
    all.push_back({kernel, kernel_source(kernel.use.kernel, chip)});
  return all;
}

/// NPUs of the system's own chip that have the peak of all NPUs together, those of other chips included.
double npus_of_equal_peak(const models::TrainingWorkload& workload, const models::System& system,
                          const std::vector<models::OtherChip>& chips, double npus) {
  const auto precision = workload.mfu_precision.value_or(workload.precision.gemm);
  const auto peak = [&](const models::Chip& chip) { return *models::peak_of(chip, precision); };
  double equal = npus;
  for (const auto& [units, chip] : chips)
    equal += npus * static_cast<double>(units.size()) / system.levels.front().count *
             (peak(chip) / peak(system.chip.value) - 1);
  return equal;
}

/// What the smallest memory of the chips holds.
Bytes smallest_memory(const models::Chip& chip, const std::vector<models::OtherChip>& others) {
  Bytes smallest = chip.memory->value;
  for (const auto& other : others) smallest = std::min(smallest, other.chip.memory->value);
  return smallest;
}

}  // namespace

const models::RankMemory& TrainingAnswer::fullest() const {
  return *std::ranges::max_element(memory, {}, [](const auto& of_rank) { return of_rank.total(); });
}

std::optional<std::pair<Seconds, Seconds>> TrainingAnswer::time_to_train_interval() const {
  if (!reliability || !uncertainty) return std::nullopt;
  const auto time = reliability->time_to_train();
  const auto place = place_of(*uncertainty, Studied::time_to_train);
  if (!time || !place) return std::nullopt;
  const auto [low, high] = interval_of(*uncertainty, *place, time->in(unit::s));
  return std::pair{Seconds{low}, Seconds{high}};
}

TrainingAnswer training_answer(const models::TrainingWorkload& workload, const models::System& system,
                               const models::TrainingWork& planned, const Ran& ran) {
  const models::Chip& chip = system.chip.value;
  TrainingAnswer answer;
  answer.extent = extent_of(ran.plan, ran.trace);
  answer.model = workload.model.value.name;
  answer.system = system.name;
  answer.step = ran.trace.makespan;
  answer.tokens = static_cast<double>(workload.batch) * workload.sequence_length;
  answer.mfu_precision = workload.mfu_precision.value_or(workload.precision.gemm);
  answer.mfu = models::mfu(workload, chip,
                           npus_of_equal_peak(workload, system, ran.chips, answer.extent.npus), answer.step);
  answer.by_cause = analysis::time_by_cause(ran.plan.platform, ran.plan.work, ran.trace);
  answer.phases = models::phases(planned, ran.plan, ran.trace);
  answer.critical_path = analysis::critical_path(ran.plan.platform, ran.plan.work, ran.trace);
  answer.ranks = ran.plan.platform.ranks;
  answer.memory = planned.memory;
  answer.capacity = smallest_memory(chip, ran.chips);
  answer.slots = slots_of(planned, ran);
  answer.kernels = kernels_of(planned.kernels, chip);
  answer.timings = timing_basis(planned.kernels, chip);
  answer.expert_loads = expert_loads(workload, planned.mapping);
  answer.traffic = traffic_of(ran.plan, ran.trace);
  return answer;
}

}  // namespace superpod::scenarios
