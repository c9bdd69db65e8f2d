#include "scenarios/answers/collective_result.hpp"

#include <algorithm>
#include <cstdint>

#include "sim/values/quantity_text.hpp"

namespace superpod::scenarios {
namespace {

template <class E>
std::string plain(E value) {
  for (const auto& [word, known] : words(value))
    if (known == value) {
      std::string text{word};
      std::ranges::replace(text, '_', ' ');
      return text;
    }
  return {};
}

}  // namespace

CollectiveAnswer collective_answer(const models::CollectiveWorkload& workload, const models::System& system,
                                   const models::Work& work, const Trace& trace) {
  const topology::Fabric fabric = system.fabric();
  CollectiveAnswer answer;
  answer.extent = extent_of(work, trace);
  answer.system = system.name;
  answer.workload = workload;
  answer.time = trace.makespan;
  answer.algorithm_bandwidth = models::algorithm_bandwidth(workload, answer.time);
  answer.bus_bandwidth = models::bus_bandwidth(workload, fabric, answer.time);
  answer.group_size = models::group_size(workload, fabric);
  answer.traffic = traffic_of(work, trace);
  return answer;
}

namespace {

void add_figures(const CollectiveAnswer& answer, analysis::Result& result) {
  const auto add = [&](const char* key, double value, const char* unit, const char* meaning) {
    result.figures.push_back({key, value, unit, meaning});
  };
  add("time_s", answer.time.in(unit::s), "s", "from the start on all ranks to the end on the last");
  add("algorithm_bandwidth", answer.algorithm_bandwidth.in(unit::B / unit::s), "B/s", "size over time");
  add("bus_bandwidth", answer.bus_bandwidth.in(unit::B / unit::s), "B/s",
      "algorithm bandwidth times the share that each rank must send at least: comparable with a link's");
  add("group_size", answer.group_size, "", "ranks that exchange data with each other");
}

std::string verdict(const CollectiveAnswer& answer) {
  const models::CollectiveWorkload& asked = answer.workload;
  std::string words = plain(asked.operation) + " of " + text(asked.size) + " (" +
                      plain(models::resolved(asked.algorithm, asked.operation)) + ") over groups of " +
                      std::to_string(static_cast<std::int64_t>(answer.group_size)) + " on " + answer.system +
                      " takes " + text(answer.time) + ": " + text(answer.algorithm_bandwidth) +
                      " algorithm bandwidth, " + text(answer.bus_bandwidth) + " bus bandwidth.";
  if (answer.ranks_folded)
    words += " " + std::to_string(*answer.ranks_folded) + " ranks folded to " +
             std::to_string(answer.extent.ranks) + " classes.";
  if (answer.slowdown) words += " " + sentence(*answer.slowdown);
  return words;
}

}  // namespace

analysis::Result result_of(const CollectiveAnswer& answer) {
  analysis::Result result;
  add_extent(answer.extent, result);
  add_figures(answer, result);
  add_traffic(answer.traffic, result);
  if (answer.network) add_network(*answer.network, result);
  if (answer.faults) add_faults(*answer.faults, result);
  if (answer.slowdown) add_slowdown(*answer.slowdown, result);
  result.verdict = verdict(answer);
  return result;
}

}  // namespace superpod::scenarios
