#include "scenarios/run/serving.hpp"

#include "models/hardware/kernel_time.hpp"
#include "models/serving/served.hpp"
#include "scenarios/asked/ground.hpp"
#include "sim/engine/engine.hpp"

namespace superpod::scenarios {
namespace {

using models::FleetRun;
using models::ServedModel;
using models::ServingWorkload;

/// The fleet with all kernels off by the error that their timings are expected to have; searched, not shown.
FleetRun with_kernels_off(const ServingWorkload& workload, const Scenario& scenario,
                          const topology::Wiring& wiring, double sigmas) {
  const models::Chip chip = models::with_kernels_off(scenario.system.value.chip.value, sigmas);
  return ServedModel{workload, chip, wiring}.serve(scenario.seed, models::Stepping::jumps, Clock::bare);
}

/// The instances as what they are to a timeline: busy from the first arrival to the last token.
models::Work work_of(const ServingAnswer& answer) {
  models::Work work;
  work.platform.ranks.push_back({"any rank", answer.npus()});
  work.platform.devices.push_back({0, "instance"});
  work.work.occupy(0, answer.run.makespan, work.work.label("serving", "serving"));
  return work;
}

PoolAnswer answer_of(const models::ServedPool& served, std::string name) {
  const models::Pool& pool = served.pool();
  const models::ServingEngine& engine = pool.engine.value;
  return {.name = std::move(name),
          .engine = engine.name,
          .npus = static_cast<double>(pool.npus()),
          .instances = static_cast<double>(pool.instances),
          .budget = served.budget(),
          .kv_tokens = served.cache_tokens(),
          .places = engine.max_running.value * pool.parallel.attention_data};
}

}  // namespace

Run<ServingAnswer> simulated(const ServingWorkload& workload, const ScenarioFile& on, const How& how) {
  const Scenario& scenario = on.scenario;
  const models::System& system = scenario.system.value;
  const Ground ground = ground_of(scenario);
  ServedModel served{workload, system.chip.value, ground.wiring};
  const auto stepping = how.detail == models::Detail::full ? models::Stepping::each : models::Stepping::jumps;
  ServingAnswer answer{.system = system.name,
                       .model = workload.model.value.name,
                       .pools = {answer_of(served.first(), served.second() ? "prefill" : "")},
                       .run = served.serve(scenario.seed, stepping, Clock::simgrid),
                       .off = {},
                       .slo = workload.slo};
  if (served.second()) answer.pools.push_back(answer_of(*served.second(), "decode"));
  if (!system.chip.value.timings.empty())
    answer.off = {with_kernels_off(workload, scenario, ground.wiring, -1),
                  with_kernels_off(workload, scenario, ground.wiring, 1)};
  models::Work work = work_of(answer);
  Trace trace = run_bare(work.platform, work.work);
  return {std::move(answer), std::move(work), std::move(trace)};
}

}  // namespace superpod::scenarios
