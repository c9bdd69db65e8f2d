#include "scenarios/run/collective.hpp"

#include "models/collectives/cabled_collective.hpp"
#include "models/work/work_folding.hpp"
#include "scenarios/asked/ground.hpp"
#include "topology/cabling/cabling_routes.hpp"
#include "topology/cabling/nearness.hpp"

namespace superpod::scenarios {
namespace {

using models::CollectiveWorkload;
using models::Detail;

/// Refuses what does not fit into memory before it is planned, message by message: as many of them as NPUs
/// that are all joined alike send, over ways as long as those from the first NPU are on average.
void require_room_to_plan(const CollectiveWorkload& workload, const topology::Cabling& cabling) {
  if (workload.operation.kind().passes == 0) return;  // a message a rank
  const topology::Wiring alike{models::one_level(cabling, {})};
  CollectiveWorkload even = workload;  // the messages are as many, and one class
  even.loads.clear();
  even.load_exponent = 0;
  Counts counts = counts_one_by_one(models::plan(even, alike, Detail::folded));
  const std::vector<int> npus = topology::npus_of(cabling);
  topology::CablingRoutes routes{cabling};
  double hops = 0;
  for (const int to : npus)
    if (to != npus.front()) hops += static_cast<double>(routes.path(npus.front(), to).hops.size());
  counts.hops *= hops / static_cast<double>(npus.size() - 1);
  counts.links = static_cast<double>(cabling.links.size());
  Forecast need = forecast(Detail::full, counts);
  need.on_a_graph = true;
  require_room(need);
}

/// In what order rings and trees go through the NPUs; none: as they are listed.
std::vector<int> order_of(const models::System& system, const CollectiveWorkload& workload,
                          const topology::Cabling& cabling) {
  const bool by_nearness = system.graph && system.graph->order == models::GraphOrder::nearness;
  return by_nearness && models::follows_order(workload) ? topology::by_nearness(cabling) : std::vector<int>{};
}

/// Every rank is planned, then folded as far as the graph is regular.
Run<CollectiveAnswer> simulated_on_graph(const CollectiveWorkload& asked, const ScenarioFile& on,
                                         const How& how) {
  const models::System& system = on.scenario.system.value;
  const CollectiveWorkload workload = models::on_cabling(asked);
  models::Work work = around_faults(on, [&] {
    require_room_to_plan(workload, *on.cabling);
    return models::plan(workload, *on.cabling, system.endpoint_latency.value,
                        order_of(system, workload, *on.cabling));
  });
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
