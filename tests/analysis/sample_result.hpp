/// A training result of four pipeline stages, shaped like the ones that `superpod run` makes: for tests of
/// files and pages. Its schedule is a true 1F1B schedule; its other numbers are of a sensible size, no more.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "analysis/result.hpp"

namespace superpod::analysis::sample {

inline constexpr int stages = 4, microbatches = 8, bins = 200;
inline constexpr double forward = 0.110, backward = 0.230, send = 0.004, optimizer = 0.045;  // seconds

struct Slot {
  int stage;
  bool is_forward;
  int microbatch;
  double start, finish;
};

/// One-forward-one-backward: stage s runs `stages - s` forwards, then alternates. Source: Narayanan et al.,
/// "PipeDream", SOSP 2019 (the order); start times follow from the order and the sends.
inline std::vector<Slot> one_forward_one_backward() {
  std::vector<std::pair<bool, int>> order[stages];
  for (int s = 0; s < stages; ++s) {
    const int warm_up = std::min(stages - s, microbatches);
    for (int m = 0; m < warm_up; ++m) order[s].emplace_back(true, m);
    for (int m = 0; m < microbatches; ++m) {
      order[s].emplace_back(false, m);
      if (m + warm_up < microbatches) order[s].emplace_back(true, m + warm_up);
    }
  }
  double done[2][stages][microbatches];
  std::fill_n(&done[0][0][0], 2 * stages * microbatches, -1.0);
  std::size_t next[stages] = {};
  double free_at[stages] = {};
  std::vector<Slot> slots;
  for (bool moved = true; moved;) {
    moved = false;
    for (int s = 0; s < stages; ++s)
      for (; next[s] < order[s].size(); ++next[s], moved = true) {
        const auto [is_forward, m] = order[s][next[s]];
        const bool first = is_forward ? s == 0 : s == stages - 1;
        const double input = first ? (is_forward ? 0 : done[0][s][m])
                                   : done[is_forward ? 0 : 1][is_forward ? s - 1 : s + 1][m];
        if (input < 0) break;
        const double start = std::max(free_at[s], first ? input : input + send);
        free_at[s] = start + (is_forward ? forward : backward);
        done[is_forward ? 0 : 1][s][m] = free_at[s];
        slots.push_back({s, is_forward, m, start, free_at[s]});
      }
  }
  return slots;
}

template <class... T>
std::vector<double> numbers(T... some) {
  return {static_cast<double>(some)...};
}
inline std::vector<std::int64_t> counts(std::vector<std::int64_t> some) { return some; }
inline std::vector<std::string> strings(std::vector<std::string> some) { return some; }

inline Table slots_table(const std::vector<Slot>& schedule, double pipeline_end) {
  std::vector<std::int64_t> rank, microbatch, chunk;
  std::vector<std::string> phase;
  std::vector<double> start, finish;
  const auto add = [&](int stage, const char* what, int batch, double from, double to) {
    rank.push_back(stage), phase.emplace_back(what), microbatch.push_back(batch), chunk.push_back(0);
    start.push_back(from), finish.push_back(to);
  };
  for (const Slot& slot : schedule)
    add(slot.stage, slot.is_forward ? "forward" : "backward", slot.microbatch, slot.start, slot.finish);
  for (int s = 0; s < stages; ++s) add(s, "optimizer", -1, pipeline_end, pipeline_end + optimizer);
  return {"slots",
          "slot",
          "what each pipeline stage does when",
          {{"rank", "", "row of the stage in the table ranks", rank},
           {"phase", "", "forward, backward or optimizer", phase},
           {"microbatch", "", "counted from 0; -1 for what belongs to none", microbatch},
           {"chunk", "", "virtual stage within the rank, counted from 0", chunk},
           {"start", "s", "when the slot begins, from the start of the step", start},
           {"finish", "s", "when the slot ends, from the start of the step", finish}},
          View::timeline};
}

inline Result result() {
  const std::vector<Slot> schedule = one_forward_one_backward();
  const double pipeline_end = std::ranges::max(schedule, {}, &Slot::finish).finish;
  const double step = pipeline_end + optimizer;
  const double busy = microbatches * (forward + backward) + optimizer;

  Result result;
  result.name = "deepseek_v3_atlas_950";
  result.kind = "training";
  result.system = "Atlas 950 SuperPoD";
  result.version = "0.1.0";
  result.engine = "folded";
  result.seed = 7;
  result.scenario_text =
      "# A step of DeepSeek-V3 on one SuperPoD: \"FP8\" & <bf16>, 2.1 µs a hop — é, 中文\n"
      "name: deepseek_v3_atlas_950\n"
      "system: atlas_950\n"
      "workload: {kind: training, model: deepseek_v3, batch: 15360, sequence: 4096}\n";
  result.verdict =
      "A step takes 3.85 s on 8,192 NPUs. Of it 71 % is compute; the pipeline bubble is the largest loss (20 "
      "%), before "
      "exposed expert all-to-all (7 %).";

  const double bubble = step - busy - 0.26 - 0.05;
  result.figures = {
      {"npus", 8192, "", "NPUs that take part"},
      {"classes.ranks", 4, "", "classes of ranks that were simulated"},
      {"classes.links", 5, "", "classes of links that were simulated"},
      {"classes.flows", 61, "", "classes of flows that were simulated"},
      {"events", 18432, "", "starts and ends that the engine handled"},
      {"step_time_s", step, "s", "from the start of the step to its last task",
       std::pair{step * 0.88, step * 1.15}},
      {"tokens_per_s", 15360 * 4096 / step, "1/s", "tokens of the global batch over the step time",
       std::pair{15360 * 4096 / step / 1.15, 15360 * 4096 / step / 0.88}},
      {"tokens_per_s_per_npu", 15360 * 4096 / step / 8192, "1/s", "tokens_per_s over npus"},
      {"mfu", 0.4127, "", "model FLOPs of a step over what the FP8 peak allows in the step time",
       std::pair{0.36, 0.47}},
      {"breakdown_s.compute", busy - optimizer, "s", "kernels run, mean over NPUs"},
      {"breakdown_s.optimizer", optimizer, "s", "parameters are updated, mean over NPUs"},
      {"breakdown_s.expert all-to-all", 0.26, "s", "an NPU idles while tokens travel to and from experts"},
      {"breakdown_s.pipeline send", 0.05, "s", "an NPU idles while activations travel between stages"},
      {"breakdown_s.bubble", bubble, "s", "an NPU waits for another one"},
      {"memory_bytes.total", 101.5e9, "B", "of the fullest NPU"},
      {"memory_bytes.capacity", 144e9, "B", "of one NPU"}};

  result.tables = {
      {"breakdown",
       "cause",
       "where the step goes, mean over NPUs; adds up to the step time",
       {{"cause", "", "what the time is charged to",
         strings({"compute", "optimizer", "expert all-to-all", "pipeline send", "bubble"})},
        {"time", "s", "mean over NPUs", numbers(busy - optimizer, optimizer, 0.26, 0.05, bubble)},
        {"meaning", "", "what counts",
         strings({"kernels run", "parameters are updated", "idle while tokens travel to and from experts",
                  "idle while activations travel between stages", "idle, waiting for another NPU"})}},
       View::causes},
      {"critical_path",
       "critical_cause",
       "the chain of tasks that sets the step time, by cause",
       {{"cause", "", "what the time is charged to",
         strings({"compute", "expert all-to-all", "pipeline send", "optimizer"})},
        {"time", "s", "on the chain",
         numbers(step - 0.42 - 6 * send - optimizer, 0.42, 6 * send, optimizer)}},
       View::chain},
      {"ranks",
       "rank_class",
       "NPUs that do the same things at the same times",
       {{"name", "", "of the class", strings({"stage 0", "stage 1", "stage 2", "stage 3"})},
        {"count", "", "NPUs in this class", counts({2048, 2048, 2048, 2048})},
        {"busy", "s", "the compute stream is occupied", numbers(busy, busy, busy, busy)}},
       View::ranks},
      {"memory",
       "stage",
       "bytes on one NPU of each stage, at the peak",
       {{"stage", "", "pipeline stage", strings({"stage 0", "stage 1", "stage 2", "stage 3"})},
        {"weights", "B", "parameters as the kernels read them", numbers(21.0e9, 20.2e9, 20.2e9, 22.4e9)},
        {"gradients", "B", "accumulated over microbatches", numbers(14.1e9, 13.6e9, 13.6e9, 15.0e9)},
        {"optimizer", "B", "master weights and moments, sharded", numbers(8.2e9, 7.9e9, 7.9e9, 8.7e9)},
        {"activations", "B", "kept for the backward pass", numbers(52.0e9, 39.0e9, 26.0e9, 13.0e9)},
        {"buffers", "B", "of communication and work space", numbers(6.2e9, 6.2e9, 6.2e9, 6.2e9)},
        {"capacity", "B", "of one NPU", numbers(144e9, 144e9, 144e9, 144e9)}},
       View::memory},
      slots_table(schedule, pipeline_end),
      {"links",
       "link_class",
       "directed links that carry the same bytes at the same times",
       {{"name", "", "of the class",
         strings({"board mesh", "cabinet mesh", "row clos up", "row clos down", "scale-out"})},
        {"count", "", "directed links in this class", counts({57344, 57344, 8192, 8192, 8192})},
        {"bandwidth", "B/s", "of one link, in its direction", numbers(56e9, 56e9, 400e9, 400e9, 50e9)},
        {"bytes_per_link", "B", "carried in the step by one link", numbers(41e9, 33e9, 610e9, 610e9, 0)},
        {"utilisation", "", "bytes over bandwidth and step time",
         numbers(41 / 56. / step, 33 / 56. / step, 610 / 400. / step, 610 / 400. / step, 0)},
        {"busy", "", "share of the step in which something is sent", numbers(0.44, 0.42, 0.58, 0.58, 0)}},
       View::links}};

  std::vector<double> bin_start(bins), utilisation;
  for (int bin = 0; bin < bins; ++bin) bin_start[static_cast<std::size_t>(bin)] = step * bin / bins;
  for (double peak : {0.5, 0.45, 0.9, 0.9, 0.0})
    for (int bin = 0; bin < bins; ++bin) {
      const double ramp = std::min({1.0, bin / 30.0, (bins - 1 - bin) / 30.0});
      utilisation.push_back(peak * ramp * (0.6 + 0.4 * std::sin(bin * 0.55)));
    }
  result.tables.push_back({"time",
                           "time",
                           "bins of equal width over the step",
                           {{"start", "s", "start of the bin, from the start of the step", bin_start}},
                           View::bins});
  result.tables.push_back(
      {"kernels",
       "kernel",
       "what one NPU computes in a step, mean over NPUs",
       {{"name", "", "of the kernel",
         strings({"expert GEMM forward", "expert GEMM backward", "attention forward", "attention backward",
                  "RMSNorm", "token permutation"})},
        {"cause", "", "what its time is charged to",
         strings({"compute", "compute", "compute", "compute", "compute", "compute"})},
        {"calls", "", "per rank and step", counts({720, 1440, 480, 480, 1920, 960})},
        {"time", "s", "all calls", numbers(0.71, 1.38, 0.21, 0.31, 0.06, 0.05)},
        {"flops", "FLOP", "all calls", numbers(8.1e14, 1.62e15, 1.4e14, 3.1e14, 2.1e11, 0)},
        {"bytes", "B", "read and written in HBM, all calls",
         numbers(4.1e11, 8.0e11, 1.1e11, 1.9e11, 1.6e11, 1.5e11)},
        {"bound", "", "what limits it: compute, memory or launch",
         strings({"compute", "compute", "compute", "compute", "memory", "launch"})}},
       View::kernels});
  result.arrays = {{"link_utilisation",
                    "",
                    "bytes sent in the bin over what the links could carry in it",
                    {"link_class", "time"},
                    utilisation}};
  result.provenance = {
      {"system.chip.peak.fp8", "1 PFLOP/s", "published", "Huawei Connect 2025 keynote", ""},
      {"system.chip.memory_bandwidth", "4 TB/s", "published", "Huawei Connect 2025 keynote", "HiZQ 2.0"},
      {"system.networks.cabinet.latency", "200 ns", "derived", "2.1 µs round trip over hops & <switches>",
       ""},
      {"workload.model.hidden", "7168", "published", "DeepSeek-V3 technical report, arXiv 2412.19437", ""},
      {"system.chip.launch", "3 us", "assumed", "", "not public; as of its predecessor"}};
  return result;
}

}  // namespace superpod::analysis::sample
