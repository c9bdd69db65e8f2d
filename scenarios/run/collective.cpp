#include "scenarios/run/collective.hpp"

#include <optional>
#include <vector>

#include "models/collectives/cabled_collective.hpp"
#include "models/work/work_folding.hpp"
#include "scenarios/asked/ground.hpp"
#include "scenarios/asked/step_plan.hpp"
#include "scenarios/run/graph_run.hpp"

namespace superpod::scenarios {
namespace {

using models::CollectiveWorkload;
using models::Detail;

/// The workload on NPUs that are all joined alike, folded; none where each rank has a message at most.
std::optional<models::Work> on_npus_alike(const CollectiveWorkload& workload,
                                          const topology::Cabling& cabling) {
  if (workload.operation.kind().passes == 0) return std::nullopt;
  CollectiveWorkload even = workload;  // the messages are as many, and one class
  even.loads.clear();
  even.load_exponent = 0;
  return models::plan(even, topology::Wiring{models::one_level(cabling, {})}, Detail::folded);
}

/// Every rank is planned, then folded as far as the graph is regular.
Run<CollectiveAnswer> simulated_on_graph(const CollectiveWorkload& asked, const ScenarioFile& on,
                                         const How& how) {
  const models::System& system = on.scenario.system.value;
  const CollectiveWorkload workload = models::on_cabling(asked);
  const auto alike = on_npus_alike(workload, *on.cabling);
  const models::DamagedCabling damage = damage_of(on);
  const auto order = models::follows_order(workload) ? places_on_graph(on) : std::vector<int>{};
  const auto plan_on = [&](const topology::Cabling& cabling, Detail detail) {
    models::Work whole = models::plan(workload, cabling, system.endpoint_latency.value, order);
    return detail == Detail::folded ? models::folded(whole).plan : whole;
  };
  auto [work, trace] = run_on_graph(on, how, {alike ? &*alike : nullptr, damage.left},
                                    [&](Detail detail) { return plan_on(damage.left, detail); });
  CollectiveAnswer answer = collective_answer(workload, system, work, trace);
  if (how.detail == Detail::folded) answer.ranks_folded = topology::npus_of(*on.cabling).size();
  if (!on.scenario.faults.none()) {
    answer.faults = fault_list(damage, *on.cabling);
    answer.slowdown =
        Slowdown{answer.time, folded_time([&](Detail detail) { return plan_on(*on.cabling, detail); })};
  }
  return {std::move(answer), std::move(work), std::move(trace)};
}

}  // namespace

Run<CollectiveAnswer> simulated(const CollectiveWorkload& workload, const ScenarioFile& on, const How& how) {
  if (on.cabling) return simulated_on_graph(workload, on, how);
  const Scenario& scenario = on.scenario;
  const models::System& system = scenario.system.value;
  const Ground ground = ground_of(scenario);
  auto [work, trace] = run_planned(on, how, [&](Detail detail) {
    return models::plan(workload, ground.wiring, detail, ground.asymmetry);
  });
  CollectiveAnswer answer = collective_answer(workload, system, work, trace);
  answer.network = network_of(ground.wiring, answer.traffic);
  if (!scenario.faults.none()) {
    answer.faults = fault_list(ground.asymmetry, ground.wiring);
    answer.slowdown = Slowdown{answer.time, folded_time([&](Detail detail) {
                                 return models::plan(workload, without_faults(system).wiring, detail);
                               })};
  }
  return {std::move(answer), std::move(work), std::move(trace)};
}

}  // namespace superpod::scenarios
