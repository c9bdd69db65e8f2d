/// The result of a plan with every table that one can have, for tests of files and pages: its numbers are of
/// a sensible size and agree with each other where a page adds or compares them, no more.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "analysis/result.hpp"
#include "tests/analysis/sample_result.hpp"

namespace superpod::analysis::sample {

inline constexpr double day = 86400, days_of_best = 52.6;

struct Candidate {
  const char *system, *size, *mapping, *binding;
  double npus, step, days, mfu, power, cost;
  bool meets, pareto, best;
};

inline const std::vector<Candidate>& candidates() {
  static const std::vector<Candidate> all{
      {"Atlas 950 SuperPoD", "1 pod", "PP16 EP64 DP32 ZeRO-1 DualPipe", "time to train", 8192, 3.849,
       days_of_best, 0.412, 15.1e6, 412e6, true, true, true},
      {"Atlas 950 SuperPoD", "1 pod", "PP8 EP64 DP64 ZeRO-1 zero bubble", "time to train", 8192, 3.991, 54.5,
       0.397, 15.1e6, 414e6, true, false, false},
      {"Atlas 960 SuperPoD", "half a pod", "PP8 EP128 DP64 ZeRO-1 DualPipe", "delivery", 7744, 2.780, 38.0,
       0.441, 16.9e6, 545e6, true, true, true},
      {"GB200 NVL72", "57 racks", "PP8 EP64 DP57 ZeRO-1 DualPipe", "cost", 4104, 4.251, 58.1, 0.436, 7.5e6,
       498e6, true, true, true},
      {"H200 HGX", "768 nodes", "TP2 PP12 EP32 DP32 ZeRO-1 DualPipe", "time to train", 6144, 4.741, 64.8,
       0.379, 8.6e6, 371e6, false, true, true},
      {"CloudMatrix384", "32 pods", "PP16 EP48 DP16 ZeRO-1 1F1B", "power", 12288, 4.342, 59.3, 0.297, 21.7e6,
       502e6, false, false, true},
      {"H20 HGX", "2,048 nodes", "PP16 EP64 DP32 ZeRO-1 DualPipe", "NPUs", 16384, 5.298, 72.4, 0.551, 13.1e6,
       468e6, false, false, true}};
  return all;
}

inline Table answers_table() {
  std::vector<std::string> system, size, mapping, binding;
  std::vector<std::int64_t> meets, pareto, best;
  std::vector<double> npus, step, low, high, train, train_low, train_high, mfu, goodput, power, energy, floor,
      cost, delivery, memory;
  for (const Candidate& one : candidates()) {
    system.emplace_back(one.system), size.emplace_back(one.size), mapping.emplace_back(one.mapping),
        binding.emplace_back(one.binding);
    meets.push_back(one.meets), pareto.push_back(one.pareto), best.push_back(one.best);
    npus.push_back(one.npus), mfu.push_back(one.mfu), power.push_back(one.power), cost.push_back(one.cost);
    step.push_back(one.step), low.push_back(one.step * 0.9), high.push_back(one.step * 1.14);
    train.push_back(one.days * day), train_low.push_back(one.days * day * 0.88),
        train_high.push_back(one.days * day * 1.17);
    goodput.push_back(0.93), energy.push_back(one.power * one.days * day), floor.push_back(one.npus * 0.122);
    delivery.push_back(120 * day), memory.push_back(0.71);
  }
  return {"answers",
          "answer",
          "candidates that were simulated, best first",
          {{"system", "", "name in the catalogue", system},
           {"size", "", "how much of it", size},
           {"npus", "", "NPUs that take part", npus},
           {"mapping", "", "how the model is laid over them", mapping},
           {"step_time_s", "s", "simulated", step},
           {"step_low_s", "s", "lower end of the interval", low},
           {"step_high_s", "s", "upper end of the interval", high},
           {"time_to_train_s", "s", "all steps, with failures", train},
           {"time_low_s", "s", "lower end of the interval", train_low},
           {"time_high_s", "s", "upper end of the interval", train_high},
           {"mfu", "", "model FLOPs over the peak", mfu},
           {"memory_share", "", "of the fullest NPU's memory", memory},
           {"goodput", "", "share of the time that is not lost", goodput},
           {"power_w", "W", "of all equipment", power},
           {"energy_j", "J", "of the whole training", energy},
           {"floor_m2", "m2", "of all cabinets with their aisles", floor},
           {"cost", "USD", "purchase and running", cost},
           {"delivery_s", "s", "until the last chip is delivered", delivery},
           {"meets", "", "1: all limits", meets},
           {"binding", "", "the tightest limit", binding},
           {"pareto", "", "1: none is better in all of time, NPUs, power and cost", pareto},
           {"best_of_system", "", "1: the fastest of its system", best}},
          View::candidates};
}

/// Draws around 1, the same on every machine: a sum of equal steps of a linear congruential generator.
inline std::vector<double> drawn(std::size_t count, double spread, std::uint64_t seed) {
  std::vector<double> out;
  for (std::size_t i = 0; i < count; ++i) {
    double sum = 0;
    for (int k = 0; k < 6; ++k) {
      seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
      sum += static_cast<double>(seed >> 11) / 9007199254740992.0 - 0.5;
    }
    out.push_back(1 + spread * sum);
  }
  return out;
}

inline Table samples_table() {
  std::vector<double> days, step;
  for (const double one : drawn(400, 0.09, 5)) days.push_back(one * days_of_best * day);
  for (const double one : drawn(400, 0.07, 9)) step.push_back(one * 3.849);
  return {
      "samples",
      "sample",
      "400 draws of all uncertain inputs at once",
      {{"time_to_train_s", "s", "all steps, with failures", days}, {"step_time_s", "s", "simulated", step}},
      View::samples};
}

inline Table tornado_table() {
  const double base = days_of_best * day;
  return {
      "tornado",
      "input",
      "the answer with one input at either end of its interval, all others as they are",
      {{"input", "", "path of the input",
        strings({"system.chip.gemm_efficiency", "system.networks.pod_clos.efficiency", "reliability.npu.mtbf",
                 "system.chip.memory_bandwidth", "system.networks.pod_clos.latency"})},
       {"grade", "", "of the input", strings({"derived", "assumed", "assumed", "published", "derived"})},
       {"value", "", "as it is", strings({"0.71", "0.974", "45,000 h", "4 TB/s", "0.4 us"})},
       {"low", "", "lower end", strings({"0.60", "0.85", "20,000 h", "3.8 TB/s", "0.3 us"})},
       {"high", "", "upper end", strings({"0.80", "1", "90,000 h", "4.2 TB/s", "0.6 us"})},
       {"result_low", "s", "with the input at its lower end",
        numbers(base * 1.142, base * 1.071, base * 1.043, base * 1.012, base * 0.998)},
       {"result_high", "s", "with the input at its upper end",
        numbers(base * 0.911, base * 0.984, base * 0.981, base * 0.993, base * 1.006)},
       {"of", "", "figure that it moves", strings(std::vector<std::string>(5, "time_to_train_s"))},
       {"swing", "s", "between the two",
        numbers(base * 0.231, base * 0.087, base * 0.062, base * 0.019, base * 0.008)}},
      View::tornado};
}

inline std::vector<Table> network_tables() {
  return {{"levels",
           "level",
           "levels of the fabric, the outermost first",
           {{"level", "", "name", strings({"cabinet", "board", "slot"})},
            {"count", "", "within one of the next outer level", counts({128, 8, 8})}},
           View::levels},
          {"network",
           "network_link",
           "links of the fabric by network and the level whose units they join, idle ones too",
           {{"link", "", "network, and which of its links",
             strings({"board mesh slot", "pod clos up", "pod clos down", "pod clos cabinet up",
                      "pod clos cabinet down"})},
            {"network", "", "name", strings({"board mesh", "pod clos", "pod clos", "pod clos", "pod clos"})},
            {"level", "", "whose units it joins", strings({"slot", "board", "board", "cabinet", "cabinet"})},
            {"kind", "", "mesh, next, previous, up, down or global",
             strings({"mesh", "up", "down", "up", "down"})},
            {"links", "", "directed, in the whole fabric", counts({57344, 8192, 8192, 128, 128})},
            {"bandwidth", "B/s", "payload of one link", numbers(54.5e9, 327.3e9, 327.3e9, 20.9e12, 20.9e12)},
            {"utilisation", "", "mean over all of them", numbers(0.19, 0.41, 0.41, 0.12, 0.0)},
            {"busiest", "", "of the busiest of them", numbers(0.24, 0.86, 0.66, 0.14, 0.0)}},
           View::fabric}};
}

inline std::vector<Table> planning_tables() {
  const double total = 15.1e6, lost = days_of_best * day;
  const double none = std::numeric_limits<double>::quiet_NaN();
  return {
      answers_table(),
      {"limits",
       "limit",
       "how much of each limit the best answer uses",
       {{"name", "", "what is limited",
         strings({"time to train", "NPUs", "power", "floor", "cost", "chips in a year"})},
        {"limit", "", "the most that is allowed", numbers(60 * day, 16384, 20e6, 2000, 600e6, 650000)},
        {"used", "", "by the best answer", numbers(days_of_best * day, 8192, total, 1000, 412e6, 8192)},
        {"unit", "", "of both", strings({"s", "", "W", "m2", "USD", ""})},
        {"share", "", "used over limit",
         numbers(days_of_best / 60, 0.5, total / 20e6, 0.5, 412. / 600, 8192. / 650000)},
        {"binding", "", "1: the tightest", counts({1, 0, 0, 0, 0, 0})}},
       View::limits},
      {"systems",
       "system",
       "what each system can do",
       {{"system", "", "name",
         strings({"Atlas 950 SuperPoD", "Atlas 960 SuperPoD", "GB200 NVL72", "H200 HGX", "CloudMatrix384",
                  "H20 HGX", "Atlas 900 A2"})},
        {"candidates", "", "mappings that were estimated",
         counts({61440, 48211, 39002, 40410, 52000, 61440, 8200})},
        {"feasible", "", "of these within memory and limits", counts({1204, 1733, 810, 0, 0, 0, 0})},
        {"best_answer", "", "row of the answers; -1: none", counts({0, 2, 3, 4, 5, 6, -1})},
        {"reason", "", "why none, or what the best exceeds",
         strings({"", "", "", "takes longer than 60 d", "needs more than 20 MW", "has more than 16,384 NPUs",
                  "no mapping fits into 64 GB of memory"})}},
       View::systems},
      {"rejected",
       "reason",
       "candidates that were not simulated, by reason",
       {{"system", "", "name",
         strings({"Atlas 950 SuperPoD", "Atlas 950 SuperPoD", "Atlas 950 SuperPoD", "Atlas 900 A2"})},
        {"size", "", "how much of it", strings({"1 pod", "1 pod", "1 pod", "512 nodes"})},
        {"npus", "", "that take part", counts({8192, 8192, 8192, 4096})},
        {"stage", "", "what rejected them", strings({"shape", "memory", "bound", "memory"})},
        {"count", "", "mappings", counts({21004, 30118, 9114, 8200})},
        {"reason", "", "in words",
         strings({"61 layers do not divide into so many stages", "weights and activations exceed 144 GB",
                  "even the lower bound is slower than the best found",
                  "weights and activations exceed 64 GB"})},
        {"example", "", "one of them",
         strings({"PP48 EP64 DP11", "PP4 EP16 DP128", "TP8 PP16 EP64 DP4", "PP16 EP64 DP4"})}},
       View::rejects},
      {"scenarios",
       "answer",
       "each answer as a scenario",
       {{"yaml", "", "that `superpod run` takes",
         strings(std::vector<std::string>(candidates().size(),
                                          "name: answer\nsystem: atlas_950_superpod\nworkload: {kind: "
                                          "training, model: deepseek_v3}\n"))}},
       View::scenarios},
      {"bill",
       "item",
       "what the cluster is made of",
       {{"item", "", "what it is",
         strings({"NPU Ascend 950DT", "host CPU", "UB switch", "optical module 800G", "cabinet",
                  "coolant distribution unit"})},
        {"count", "", "of all", counts({8192, 2048, 1536, 49152, 160, 40})},
        {"per", "", "where it stands", strings({"NPU", "board", "pod", "UB switch", "pod", "4 cabinets"})},
        {"power_w", "W", "of all", numbers(9.83e6, 1.02e6, 1.31e6, 0.69e6, 0.05e6, 0.21e6)},
        {"floor_m2", "m2", "of all", numbers(none, none, none, none, 880, 120)},
        {"cabinets", "", "of all", numbers(none, none, none, none, 160, none)},
        {"optical_modules", "", "of all", numbers(none, none, none, 49152, none, none)},
        {"price", "USD", "of one", numbers(28000, 9000, 21000, 900, 12000, 60000)},
        {"cost", "USD", "of all", numbers(229.4e6, 18.4e6, 32.3e6, 44.2e6, 1.9e6, 2.4e6)},
        {"grade", "", "of its figures",
         strings({"published", "derived", "assumed", "assumed", "published", "assumed"})},
        {"source", "", "of its figures", strings({"hc2025", "hc2025", "", "", "hc2025", ""})}},
       View::bill},
      {"energy",
       "part",
       "where power, energy and running cost go",
       {{"part", "", "of the cluster",
         strings({"NPUs", "host and network equipment", "cooling and conversion (PUE 1.15)"})},
        {"power_w", "W", "mean in the training", numbers(9.83e6, 3.3e6, 1.97e6)},
        {"energy_j", "J", "of the whole training", numbers(9.83e6 * lost, 3.3e6 * lost, 1.97e6 * lost)},
        {"cost", "USD", "of the energy", numbers(0.99e6, 0.33e6, 0.2e6)}},
       View::energy},
      {"reliability",
       "part",
       "what failures take of the time",
       {{"part", "", "kind of loss",
         strings({"work since the last checkpoint", "restart", "writing checkpoints", "NPUs",
                  "optical modules", "hosts"})},
        {"mtbf_s", "s", "of all of them together", numbers(none, none, none, 19800, 51000, 88000)},
        {"events", "", "in the whole training", numbers(371, 371, 2525, 229, 89, 53)},
        {"lost_s", "s", "in the whole training",
         numbers(0.031 * lost, 0.024 * lost, 0.015 * lost, none, none, none)},
        {"share", "", "of the training", numbers(0.031, 0.024, 0.015, none, none, none)}},
       View::losses},
      tornado_table(),
      samples_table(),
      {"validation",
       "case",
       "measurements of what this answer uses, and what is predicted for them",
       {{"case", "", "what was measured",
         strings({"FP8 grouped GEMM", "dispatch of tokens, EP32", "DeepSeek-V3 step on 2,048 H800"})},
        {"of", "", "what it validates", strings({"ascend_950dt", "pod clos", "deepseek_v3"})},
        {"predicted", "", "by superpod", numbers(0.000412, 331e9, 19.6)},
        {"measured", "", "by others", numbers(0.000431, 327e9, 19.926)},
        {"unit", "", "of both", strings({"s", "B/s", "s"})},
        {"error", "", "predicted over measured, less 1", numbers(-0.0441, 0.0122, -0.0164)},
        {"source", "", "of the measurement",
         strings({"a table of the maker", "DeepEP on Ascend", "arXiv 2505.09343, table 4"})}},
       View::checks}};
}

/// A plan whose best answer is a training result, with all tables.
inline Result plan() {
  Result out = result();
  out.name = "deepseek_v3_in_60_days";
  out.kind = "plan";
  out.verdict =
      "Yes: one Atlas 950 SuperPoD (8,192 NPUs, PP16 EP64 DP32 ZeRO-1 DualPipe) trains DeepSeek-V3 on 10 T "
      "tokens in 52.6 "
      "d (46.3 to 61.5 d), of 60 d allowed. Time is what binds. Next best: half an Atlas 960 SuperPoD in 38 "
      "d, for a third more money.";
  const double total = 15.1e6, time = days_of_best * day;
  out.figures.insert(out.figures.begin(),
                     {{"time_to_train_s", time, "s", "all steps, with what failures take",
                       std::pair{time * 0.88, time * 1.17}},
                      {"goodput", 0.93, "", "share of the time that is not lost to failures"},
                      {"power_w", total, "W", "of all equipment, with cooling"},
                      {"energy_j", total * time, "J", "of the whole training"},
                      {"cabinets", 160, "", "of computing and interconnect"},
                      {"floor_m2", 1000, "m2", "of all cabinets with their aisles"},
                      {"optical_modules", 49152, "", "in the cluster"},
                      {"purchase_cost", 328.6e6, "USD", "of all equipment"},
                      {"running_cost", 1.52e6, "USD", "of energy, in the training"},
                      {"cost", 412e6, "USD", "purchase and running, with the user's prices"},
                      {"delivery_s", 120 * day, "s", "until the last chip is delivered"},
                      {"reliability.mtbf_s", 12250, "s", "between two failures of any part"},
                      {"reliability.checkpoint_interval_s", 1800, "s", "that loses least (Young, Daly)"},
                      {"reliability.spares", 64, "", "NPUs that stand by"},
                      {"search.mappings", 310703, "", "estimated"},
                      {"search.pruned_by_memory", 121004, "", "that do not fit"},
                      {"search.pruned_by_bound", 185952, "", "whose bound is slower than the best"},
                      {"search.simulated", 42, "", "in full"},
                      {"search.rank_correlation", 0.981, "", "Spearman's, of bound and simulated time"}});
  for (Table& table : planning_tables()) out.tables.push_back(std::move(table));
  for (Table& table : network_tables()) out.tables.push_back(std::move(table));
  return out;
}

/// Another plan of the same question, somewhat faster and dearer, with one input changed.
inline Result other_plan() {
  Result out = plan();
  out.name = "deepseek_v3_in_60_days_at_double_links";
  for (Figure& figure : out.figures) {
    const bool faster =
        figure.key == "time_to_train_s" || figure.key == "step_time_s" || figure.key == "energy_j";
    const double factor = faster ? 0.92 : figure.key == "cost" || figure.key == "purchase_cost" ? 1.07 : 1;
    figure.value *= factor;
    if (figure.interval)
      figure.interval = std::pair{figure.interval->first * factor, figure.interval->second * factor};
  }
  for (Table& table : out.tables)
    if (table.name == "breakdown")
      for (Column& column : table.columns)
        if (column.name == "time") std::get<std::vector<double>>(column.values)[2] *= 0.4;
  out.provenance.front().value = "1.2 PFLOP/s";
  out.scenario_text += "system: {networks: [{name: pod clos, bandwidth: 672 GB/s}]}\n";
  return out;
}

/// A sweep of two axes, of which one point failed.
inline Result sweep() {
  Result out;
  out.name = "batch_and_bandwidth";
  out.kind = "sweep";
  out.verdict = "24 points, of which 1 failed.";
  std::vector<double> batch, bandwidth, step, mfu;
  std::vector<std::string> status;
  for (int b = 0; b < 6; ++b)
    for (int w = 0; w < 4; ++w) {
      const bool failed = b == 5 && w == 0;
      batch.push_back(1024 * std::pow(2, b)), bandwidth.push_back(100e9 * (w + 1));
      step.push_back(failed ? std::nan("") : 0.3 * std::pow(2, b) + 0.4 / (w + 1));
      mfu.push_back(failed ? std::nan("") : 0.12 * std::pow(2, b) / step.back());
      status.emplace_back(failed ? "failed" : "ok");
    }
  out.tables = {{"points",
                 "point",
                 "each point of the sweep with its figures",
                 {{"workload.batch", "", "sequences in a step", batch},
                  {"system.networks.0.bandwidth", "B/s", "of one NPU", bandwidth},
                  {"step_time_s", "s", "from start to end", step},
                  {"mfu", "", "model FLOPs over the peak", mfu},
                  {"status", "", "ok, mistake or failed", status}},
                 View::points}};
  return out;
}

}  // namespace superpod::analysis::sample
