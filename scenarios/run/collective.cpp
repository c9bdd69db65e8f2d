#include "scenarios/run/collective.hpp"

#include "models/collectives/cabled_collective.hpp"
#include "models/work/work_folding.hpp"
#include "scenarios/asked/ground.hpp"

namespace superpod::scenarios {
namespace {

using models::CollectiveWorkload;
using models::Detail;

/// Every rank is planned, then folded as far as the graph is regular.
Run<CollectiveAnswer> simulated_on_graph(const CollectiveWorkload& asked, const ScenarioFile& on,
                                         const How& how) {
  const models::System& system = on.scenario.system.value;
  const CollectiveWorkload workload = models::on_cabling(asked);
  models::Work work =
      around_faults(on, [&] { return models::plan(workload, *on.cabling, system.endpoint_latency.value); });
  const std::size_t ranks = work.platform.ranks.size();
  const bool folds = how.detail == Detail::folded;
  if (folds) work = models::folded(work).plan;
  foresee(work, how);
  Trace trace = run(work.platform, work.work, how.progress);
  CollectiveAnswer answer = collective_answer(workload, system, work, trace);
  if (folds) answer.ranks_folded = ranks;
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
