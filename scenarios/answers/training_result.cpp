#include "scenarios/answers/training_result.hpp"

#include <algorithm>
#include <map>

#include "analysis/critical_path.hpp"
#include "analysis/time_by_cause.hpp"
#include "models/training/phases.hpp"
#include "scenarios/answers/expert_load_result.hpp"
#include "scenarios/answers/timing_basis.hpp"
#include "scenarios/asked/kernel_source.hpp"
#include "sim/values/quantity_text.hpp"

namespace superpod::scenarios {
namespace {

using analysis::Column;
using analysis::Result;
using analysis::Table;

double seconds(Seconds time) { return time.in(unit::s); }

/// What counts for each cause, as a user reads it.
std::string meaning_of(const std::string& cause) {
  static const std::map<std::string, std::string> meanings{
      {"compute", "kernels of the forward and backward passes run"},
      {"tensor collectives", "idle while tensor-parallel ranks gather or reduce what they share"},
      {"context collectives",
       "idle while context-parallel ranks gather keys and values, or reduce gradients"},
      {"expert all-to-all", "idle while tokens travel to or from their experts"},
      {"pipeline transfer", "idle while activations or gradients travel between stages"},
      {"gradient reduction", "idle while gradients are reduced over the copies of the weights"},
      {"weight gathering", "idle while updated weights are gathered from the ranks that own them"},
      {"optimizer", "weights are updated"},
      {"bubble", "idle, waiting for the work of other ranks"}};
  const auto at = meanings.find(cause);
  return at == meanings.end() ? "" : at->second;
}

std::string key_of(const std::string& cause) {
  std::string key = cause;
  for (char& c : key)
    if (c == ' ' || c == '-') c = '_';
  return key;
}

Table breakdown_table(const analysis::TimeByCause& by_cause) {
  std::vector<std::string> meanings;
  std::vector<double> times;
  for (const std::string& cause : by_cause.causes) meanings.push_back(meaning_of(cause));
  for (const Seconds time : by_cause.mean) times.push_back(seconds(time));
  return {"breakdown",
          "cause",
          "where the step goes, mean over NPUs; adds up to the step time",
          {{"cause", "", "what the time is charged to", by_cause.causes},
           {"time", "s", "mean over NPUs; communication counts only where nothing hides it", times},
           {"meaning", "", "what counts", meanings}}};
}

Table phases_table(const models::Phases& phases) {
  std::vector<std::string> names, meanings;
  std::vector<double> times;
  for (const auto& [name, meaning, time] : models::Phases::fields()) {
    names.emplace_back(name);
    meanings.emplace_back(meaning);
    times.push_back(seconds(phases.*time));
  }
  return {"phases",
          "phase",
          "what kind of passes the step goes through, mean over NPUs; adds up to the step time",
          {{"phase", "", "passes of a rank's slots", names},
           {"time", "s", "mean over NPUs; exchanges that nothing hides count with their pass", times},
           {"meaning", "", "what counts", meanings}}};
}

Table critical_path_table(const analysis::CriticalPath& path) {
  std::vector<std::string> causes;
  std::vector<double> times;
  for (const auto& part : path.by_cause) {
    causes.push_back(part.cause);
    times.push_back(seconds(part.time));
  }
  return {"critical_path",
          "critical_cause",
          "the chain of tasks that sets the step time, by cause; adds up to the step time",
          {{"cause", "", "what the time is charged to", causes}, {"time", "s", "on the chain", times}}};
}

Table ranks_table(const Platform& platform, const analysis::TimeByCause& by_cause) {
  std::vector<std::string> names;
  std::vector<double> counts, busy;
  for (const auto& rank : platform.ranks) {
    names.push_back(rank.name);
    counts.push_back(rank.count);
  }
  for (const Seconds time : by_cause.busy) busy.push_back(seconds(time));
  Table table{"ranks",
              "rank_class",
              "NPUs that do the same things at the same times",
              {{"name", "", "which NPUs", names},
               {"count", "", "NPUs in this class", counts},
               {"busy", "s", "the compute stream is occupied", busy}}};
  for (std::size_t c = 0; c < by_cause.causes.size(); ++c) {
    std::vector<double> times;
    for (const auto& rank : by_cause.ranks) times.push_back(seconds(rank[c]));
    table.columns.push_back({key_of(by_cause.causes[c]), "s", meaning_of(by_cause.causes[c]), times});
  }
  return table;
}

Table memory_table(const std::vector<models::RankMemory>& memory, Bytes capacity) {
  std::vector<std::string> names;
  for (std::size_t rank = 0; rank < memory.size(); ++rank)
    names.push_back("pipeline rank " + std::to_string(rank));
  const auto column = [&](const char* name, const char* meaning, Bytes models::RankMemory::*part) {
    std::vector<double> bytes;
    for (const auto& of_rank : memory) bytes.push_back((of_rank.*part).in(unit::B));
    return Column{name, "B", meaning, bytes};
  };
  return {
      "memory",
      "stage",
      "on one NPU of each pipeline rank, at its fullest",
      {{"stage", "", "pipeline rank", names},
       column("weights", "as the kernels read them", &models::RankMemory::weights),
       column("gradients", "accumulated over microbatches", &models::RankMemory::gradients),
       column("optimizer", "master weights and moments that this NPU owns", &models::RankMemory::optimizer),
       column("activations", "kept for the backward passes in flight", &models::RankMemory::activations),
       column("buffers", "of tokens and activations on their way", &models::RankMemory::buffers),
       {"capacity", "B", "of the NPU's memory", std::vector<double>(memory.size(), capacity.in(unit::B))}}};
}

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

Table slots_table(const models::TrainingWork& planned, const Ran& ran) {
  std::vector<std::int64_t> rank, microbatch, chunk;
  std::vector<std::string> phase;
  std::vector<double> start, finish;
  const auto add = [&](RankId at, const std::string& what, const std::pair<int, int>& of,
                       std::pair<Seconds, Seconds> when) {
    rank.push_back(at);
    phase.push_back(what);
    microbatch.push_back(of.first);
    chunk.push_back(of.second);
    start.push_back(seconds(when.first));
    finish.push_back(seconds(when.second));
  };
  const auto times = models::slot_times(planned, ran.plan, ran.trace);
  for (std::size_t s = 0; s < times.size(); ++s) {
    const auto& [ranks, slot, first, last, end] = planned.slots[s];
    const Span& span = times[s].front();
    add(ranks.front(), phase_of(slot), {slot.front().microbatch, slot.front().chunk},
        {span.start, span.finish});
  }
  std::map<RankId, std::pair<Seconds, Seconds>> optimizer;
  for (std::size_t t = 0; t < ran.plan.work.tasks().size(); ++t) {
    const auto& task = ran.plan.work.tasks()[t];
    if (task.kind != TaskGraph::Kind::occupy ||
        ran.plan.work.labels()[static_cast<std::size_t>(task.label)].cause != "optimizer")
      continue;
    const Span& span = ran.trace.tasks[t];
    const auto [at, added] = optimizer.try_emplace(
        ran.plan.platform.devices[static_cast<std::size_t>(task.target)].rank, span.start, span.finish);
    if (!added)
      at->second = {std::min(at->second.first, span.start), std::max(at->second.second, span.finish)};
  }
  for (const auto& slot : planned.slots)
    if (const auto at = optimizer.find(slot.ranks.front()); at != optimizer.end()) {
      add(slot.ranks.front(), "optimizer", {-1, 0}, at->second);
      optimizer.erase(at);
    }
  return {"slots",
          "slot",
          "what each pipeline rank does when",
          {{"rank", "", "row in the table ranks", rank},
           {"phase", "", "passes of the slot", phase},
           {"microbatch", "", "of its first pass, counted from 0; -1 for what belongs to none", microbatch},
           {"chunk", "", "of the model on this rank, counted from 0", chunk},
           {"start", "s", "when its first task begins", start},
           {"finish", "s", "when all that the next slot waits for has ended", finish}}};
}

Table kernels_table(const std::vector<models::KernelCount>& kernels, const models::Chip& chip) {
  std::vector<std::string> names, causes, bounds, sources;
  std::vector<double> calls, times, flops, bytes;
  for (const auto& [use, count] : kernels) {
    names.push_back(use.name);
    causes.emplace_back(use.name.starts_with("optimizer") ? "optimizer" : "compute");
    calls.push_back(count);
    times.push_back(seconds(count * use.time.time));
    flops.push_back((count * use.kernel.flops).in(unit::FLOP));
    bytes.push_back((count * use.kernel.bytes).in(unit::B));
    using Bound = models::KernelTime::Bound;
    bounds.emplace_back(use.time.bound == Bound::compute  ? "compute"
                        : use.time.bound == Bound::memory ? "memory"
                                                          : "launch");
    sources.push_back(kernel_source(use.kernel, chip));
  }
  return {"kernels",
          "kernel",
          "what one NPU computes in a step, mean over NPUs",
          {{"name", "", "block, phase and kernel", names},
           {"cause", "", "what its time is charged to", causes},
           {"calls", "", "of an average NPU in a step", calls},
           {"time", "s", "of all calls", times},
           {"flops", "FLOP", "of all calls", flops},
           {"bytes", "B", "to and from memory, of all calls", bytes},
           {"bound", "", "what most of a call's time is", bounds},
           {"timing", "", "measurements that its time comes from, and the error to expect", sources}}};
}

std::string percent(double share) {
  const int tenths = static_cast<int>(share * 1000 + 0.5);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

/// What takes most of the step, and what most of the time that is no computation.
std::string bound_of(const analysis::TimeByCause& by_cause, const std::vector<models::KernelCount>& kernels,
                     Seconds step) {
  std::size_t loss = by_cause.causes.size();
  Seconds compute;
  for (std::size_t c = 0; c < by_cause.causes.size(); ++c) {
    if (by_cause.causes[c] == "compute") {
      compute = by_cause.mean[c];
      continue;
    }
    if (loss == by_cause.causes.size() || by_cause.mean[c] > by_cause.mean[loss]) loss = c;
  }
  Seconds of_bound[3];
  for (const auto& [use, calls] : kernels)
    if (!use.name.starts_with("optimizer"))
      of_bound[static_cast<std::size_t>(use.time.bound)] += calls * use.time.time;
  const Seconds all = of_bound[0] + of_bound[1] + of_bound[2];
  std::string sentence = "Computation takes " + percent(compute / step) + " of the step (" +
                         percent(of_bound[0] / all) + " of it in kernels bound by the matrix units, " +
                         percent(of_bound[1] / all) + " by memory, " + percent(of_bound[2] / all) +
                         " by launches)";
  if (loss < by_cause.causes.size())
    sentence +=
        "; the largest loss is " + by_cause.causes[loss] + " (" + percent(by_cause.mean[loss] / step) + ")";
  return sentence + ".";
}

/// Memory by part on the NPU that is fullest.
void add_memory_figures(const std::vector<models::RankMemory>& memory, Bytes capacity, Result& result) {
  const auto fullest =
      *std::ranges::max_element(memory, {}, [](const auto& of_rank) { return of_rank.total(); });
  const auto add = [&](const char* key, Bytes bytes, const char* meaning) {
    result.figures.push_back({std::string{"memory_bytes."} + key, bytes.in(unit::B), "B", meaning});
  };
  add("weights", fullest.weights, "on the fullest NPU: as the kernels read them");
  add("gradients", fullest.gradients, "on the fullest NPU: accumulated over microbatches");
  add("optimizer", fullest.optimizer, "on the fullest NPU: master weights and moments that it owns");
  add("activations", fullest.activations, "on the fullest NPU: kept for the backward passes in flight");
  add("buffers", fullest.buffers, "on the fullest NPU: tokens and activations on their way");
  add("total", fullest.total(), "on the fullest NPU: all of these");
  add("capacity", capacity, "of one NPU's memory; of several chips' the smallest");
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

void add_training(const models::TrainingWorkload& workload, const models::System& system,
                  const models::TrainingWork& planned, const Ran& ran, Result& result) {
  const models::Chip& chip = system.chip.value;
  const Bytes capacity = smallest_memory(chip, ran.chips);
  const Seconds step = ran.trace.makespan;
  const double npus = result.figure("npus")->value;
  const double tokens = static_cast<double>(workload.batch) * workload.sequence_length;
  const double mfu = models::mfu(workload, chip, npus_of_equal_peak(workload, system, ran.chips, npus), step);
  const auto by_cause = analysis::time_by_cause(ran.plan.platform, ran.plan.work, ran.trace);
  const auto phases = models::phases(planned, ran.plan, ran.trace);
  const auto path = analysis::critical_path(ran.plan.platform, ran.plan.work, ran.trace);

  result.figures.push_back(
      {"step_time_s", seconds(step), "s", "from the start of the step to the end of its last task"});
  result.figures.push_back(
      {"tokens_per_s", tokens / seconds(step), "1/s", "tokens of the step over the step time"});
  result.figures.push_back(
      {"tokens_per_s_per_npu", tokens / seconds(step) / npus, "1/s", "tokens_per_s over npus"});
  const std::string precision{models::word(workload.mfu_precision.value_or(workload.precision.gemm))};
  result.figures.push_back({"mfu", mfu, "",
                            "model FLOPs of the step (causal, recomputation not counted) over the " +
                                precision + " peak of all NPUs in the step time"});
  for (std::size_t c = 0; c < by_cause.causes.size(); ++c)
    result.figures.push_back({"breakdown_s." + key_of(by_cause.causes[c]), seconds(by_cause.mean[c]), "s",
                              meaning_of(by_cause.causes[c]) + "; mean over NPUs"});
  for (const auto& [name, meaning, time] : models::Phases::fields())
    result.figures.push_back({"phases_s." + std::string{name}, seconds(phases.*time), "s",
                              std::string{meaning} + "; mean over NPUs"});
  add_memory_figures(planned.memory, capacity, result);

  result.tables.push_back(breakdown_table(by_cause));
  result.tables.push_back(phases_table(phases));
  result.tables.push_back(critical_path_table(path));
  result.tables.push_back(ranks_table(ran.plan.platform, by_cause));
  result.tables.push_back(memory_table(planned.memory, capacity));
  result.tables.push_back(slots_table(planned, ran));
  result.tables.push_back(kernels_table(planned.kernels, chip));
  add_validation(planned.kernels, chip, result);
  add_expert_load(workload, planned.mapping, result);
  result.verdict = "A step of " + workload.model.value.name + " on " + system.name + " takes " + text(step) +
                   ": " + si(tokens / seconds(step)) + " tokens/s at " + percent(mfu) + " MFU (" + precision +
                   " peak). " + bound_of(by_cause, planned.kernels, step);
}

void add_step_interval(const std::pair<Seconds, Seconds>& step, Result& result) {
  const double base = result.figure("step_time_s")->value;
  const double fast = seconds(step.first) / base, slow = seconds(step.second) / base;
  for (analysis::Figure& figure : result.figures) {
    if (figure.key == "step_time_s") figure.interval = {figure.value * fast, figure.value * slow};
    if (figure.key == "tokens_per_s" || figure.key == "tokens_per_s_per_npu" || figure.key == "mfu")
      figure.interval = {figure.value / slow, figure.value / fast};
  }
  result.verdict += " If kernels are off by the error that their timings are expected to have, it takes " +
                    text(step.first) + " to " + text(step.second) + ".";
}

}  // namespace superpod::scenarios
