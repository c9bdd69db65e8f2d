#include "scenarios/answers/training_tables.hpp"

#include <array>
#include <cstdint>
#include <map>

namespace superpod::scenarios {
namespace {

using analysis::Column;
using analysis::Table;

double seconds_of(Seconds time) { return time.in(unit::s); }

Table breakdown_table(const analysis::TimeByCause& by_cause) {
  std::vector<std::string> meanings;
  std::vector<double> times;
  for (const std::string& cause : by_cause.causes) meanings.push_back(meaning_of(cause));
  for (const Seconds time : by_cause.mean) times.push_back(seconds_of(time));
  return {"breakdown",
          "cause",
          "where the step goes, mean over NPUs; adds up to the step time",
          {{"cause", "", "what the time is charged to", by_cause.causes},
           {"time", "s", "mean over NPUs; communication counts only where nothing hides it", times},
           {"meaning", "", "what counts", meanings}},
          analysis::View::causes};
}

Table phases_table(const models::Phases& phases) {
  std::vector<std::string> names, meanings;
  std::vector<double> times;
  for (const auto& [name, meaning, time] : models::Phases::fields()) {
    names.emplace_back(name);
    meanings.emplace_back(meaning);
    times.push_back(seconds_of(phases.*time));
  }
  return {"phases",
          "phase",
          "what kind of passes the step goes through, mean over NPUs; adds up to the step time",
          {{"phase", "", "passes of a rank's slots", names},
           {"time", "s", "mean over NPUs; exchanges that nothing hides count with their pass", times},
           {"meaning", "", "what counts", meanings}},
          analysis::View::passes};
}

Table critical_path_table(const analysis::CriticalPath& path) {
  std::vector<std::string> causes;
  std::vector<double> times;
  for (const auto& part : path.by_cause) {
    causes.push_back(part.cause);
    times.push_back(seconds_of(part.time));
  }
  return {"critical_path",
          "critical_cause",
          "the chain of tasks that sets the step time, by cause; adds up to the step time",
          {{"cause", "", "what the time is charged to", causes}, {"time", "s", "on the chain", times}},
          analysis::View::chain};
}

Table ranks_table(const std::vector<Platform::Rank>& ranks, const analysis::TimeByCause& by_cause) {
  std::vector<std::string> names;
  std::vector<double> counts, busy;
  for (const auto& rank : ranks) {
    names.push_back(rank.name);
    counts.push_back(rank.count);
  }
  for (const Seconds time : by_cause.busy) busy.push_back(seconds_of(time));
  Table table{"ranks",
              "rank_class",
              "NPUs that do the same things at the same times",
              {{"name", "", "which NPUs", names},
               {"count", "", "NPUs in this class", counts},
               {"busy", "s", "the compute stream is occupied", busy}},
              analysis::View::ranks};
  for (std::size_t c = 0; c < by_cause.causes.size(); ++c) {
    std::vector<double> times;
    for (const auto& of_rank : by_cause.ranks) times.push_back(seconds_of(of_rank[c]));
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
       {"capacity", "B", "of the NPU's memory", std::vector<double>(memory.size(), capacity.in(unit::B))}},
      analysis::View::memory};
}

Table slots_table(const std::vector<SlotSpan>& slots) {
  std::vector<std::int64_t> rank, microbatch, chunk;
  std::vector<std::string> phase;
  std::vector<double> start, finish;
  for (const SlotSpan& slot : slots) {
    rank.push_back(slot.rank), phase.push_back(slot.phase);
    microbatch.push_back(slot.microbatch), chunk.push_back(slot.chunk);
    start.push_back(seconds_of(slot.span.start)), finish.push_back(seconds_of(slot.span.finish));
  }
  return {"slots",
          "slot",
          "what each pipeline rank does when",
          {{"rank", "", "row in the table ranks", rank},
           {"phase", "", "passes of the slot", phase},
           {"microbatch", "", "of its first pass, counted from 0; -1 for what belongs to none", microbatch},
           {"chunk", "", "of the model on this rank, counted from 0", chunk},
           {"start", "s", "when its first task begins", start},
           {"finish", "s", "when all that the next slot waits for has ended", finish}},
          analysis::View::timeline};
}

Table kernels_table(const std::vector<StepKernel>& kernels) {
  std::vector<std::string> names, causes, bounds, sources;
  std::vector<double> calls, times, flops, bytes;
  for (const auto& [kernel, source] : kernels) {
    const auto& [use, count] = kernel;
    names.push_back(use.name);
    causes.emplace_back(use.name.starts_with("optimizer") ? "optimizer" : "compute");
    calls.push_back(count);
    times.push_back(seconds_of(count * use.time.time));
    flops.push_back((count * use.kernel.flops).in(unit::FLOP));
    bytes.push_back((count * use.kernel.bytes).in(unit::B));
    using Bound = models::KernelTime::Bound;
    bounds.emplace_back(use.time.bound == Bound::compute  ? "compute"
                        : use.time.bound == Bound::memory ? "memory"
                                                          : "launch");
    sources.push_back(source);
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
           {"timing", "", "measurements that its time comes from, and the error to expect", sources}},
          analysis::View::kernels};
}

}  // namespace

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

void add_step_tables(const TrainingAnswer& answer, analysis::Result& result) {
  std::array tables{breakdown_table(answer.by_cause),
                    phases_table(answer.phases),
                    critical_path_table(answer.critical_path),
                    ranks_table(answer.ranks, answer.by_cause),
                    memory_table(answer.memory, answer.capacity),
                    slots_table(answer.slots),
                    kernels_table(answer.kernels)};
  for (Table& table : tables) result.tables.push_back(std::move(table));
}

}  // namespace superpod::scenarios
