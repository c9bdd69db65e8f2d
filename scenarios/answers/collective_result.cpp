#include "scenarios/answers/collective_result.hpp"

#include <algorithm>

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

void add_collective(const models::CollectiveWorkload& workload, const models::System& system,
                    const Trace& trace, analysis::Result& result) {
  const topology::Fabric fabric = system.fabric();
  const Seconds time = trace.makespan;
  const BytesPerSecond algorithm = models::algorithm_bandwidth(workload, time);
  const BytesPerSecond bus = models::bus_bandwidth(workload, fabric, time);
  result.figures.push_back(
      {"time_s", time.in(unit::s), "s", "from the start on all ranks to the end on the last"});
  result.figures.push_back({"algorithm_bandwidth", algorithm.in(unit::B / unit::s), "B/s", "size over time"});
  result.figures.push_back(
      {"bus_bandwidth", bus.in(unit::B / unit::s), "B/s",
       "algorithm bandwidth times the share that each rank must send at least: comparable with a link's"});
  result.figures.push_back(
      {"group_size", models::group_size(workload, fabric), "", "ranks that exchange data with each other"});
  result.verdict = plain(workload.operation) + " of " + text(workload.size) + " (" +
                   plain(models::resolved(workload.algorithm, workload.operation)) + ") over groups of " +
                   std::to_string(static_cast<std::int64_t>(models::group_size(workload, fabric))) + " on " +
                   system.name + " takes " + text(time) + ": " + text(algorithm) + " algorithm bandwidth, " +
                   text(bus) + " bus bandwidth.";
}

}  // namespace superpod::scenarios
