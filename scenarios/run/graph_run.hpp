/// A run on a graph, of which every rank is planned, whatever is then folded.
#pragma once

#include <utility>

#include "models/work/work.hpp"
#include "scenarios/asked/scenario.hpp"
#include "scenarios/run/how.hpp"
#include "sim/engine/engine.hpp"
#include "topology/cabling/cabling.hpp"

namespace superpod::scenarios {

/// Refuses what does not fit into memory before it is planned, message by message: as many of them as NPUs
/// that are all joined alike send (`alike`, folded), over ways as long as those from the first NPU are on
/// average.
void require_room_to_plan(const models::Work& alike, const topology::Cabling& cabling);

/// From what the size of a plan is reckoned.
struct GraphRun {
  const models::Work* alike;  ///< the same work, folded, on NPUs that are all joined alike; null: hardly any
  const topology::Cabling& cabling;  ///< with its faults
};

/// Runs what `plan(detail)` returns.
template <class Plan>
auto run_on_graph(const ScenarioFile& on, const How& how, const GraphRun& size, const Plan& plan) {
  auto planned = around_faults(on, [&] {
    if (size.alike != nullptr) require_room_to_plan(*size.alike, size.cabling);
    return plan(how.detail);
  });
  foresee(work_in(planned), how);
  Trace trace = run(work_in(planned).platform, work_in(planned).work, how.progress);
  return std::pair{std::move(planned), std::move(trace)};
}

}  // namespace superpod::scenarios
