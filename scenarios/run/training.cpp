#include "scenarios/run/training.hpp"

#include <algorithm>
#include <utility>

#include "models/hardware/kernel_time.hpp"
#include "scenarios/asked/ground.hpp"
#include "scenarios/asked/step_plan.hpp"
#include "scenarios/run/graph_run.hpp"
#include "scenarios/run/uncertain_training.hpp"

namespace superpod::scenarios {
namespace {

using models::Detail;
using models::TrainingWorkload;

/// How long it takes on this system, folded, which is the same and quick.
Seconds time_on(const models::System& system, const TrainingWorkload& workload, const StepPlan& plan) {
  return folded_time([&](Detail detail) { return plan(workload, system, detail); });
}

/// The step with all kernels faster, and slower, by the error that their timings are expected to have.
StepInterval step_interval(const TrainingWorkload& workload, models::System system, const StepPlan& plan,
                           Seconds step) {
  StepInterval interval{step, step};
  const models::Chip chip = system.chip.value;
  for (const double sigmas : {-1.0, 1.0}) {
    system.chip.value = models::with_kernels_off(chip, sigmas);
    const Seconds other = time_on(system, workload, plan);
    interval = {std::min(interval.fast, other), std::max(interval.slow, other)};
  }
  return interval;
}

/// What faults cost, and how sure a step is as far as its kernels go (uncertain_training.hpp goes further).
void compare_with_whole(const TrainingWorkload& workload, const ScenarioFile& on, TrainingAnswer& answer) {
  const Scenario& scenario = on.scenario;
  const models::System& system = scenario.system.value;
  const StepPlan plan = step_plan_without_faults(on);
  if (!scenario.faults.none()) answer.slowdown = Slowdown{answer.step, time_on(system, workload, plan)};
  if (scenario.uncertainty || system.chip.value.timings.empty()) return;
  const Seconds step = answer.slowdown ? answer.slowdown->without : answer.step;
  answer.step_interval = step_interval(workload, system, plan, step);
}

/// Steps with speeds by chance; folded, whatever the engine: drawn speeds leave nothing else.
JitterAnswer drawn_steps(const models::TrainingWork& folded, const Scenario& scenario) {
  const models::Jitter& jitter = *scenario.faults.jitter;
  return {jitter, models::jittered_step(
                      folded, jitter, static_cast<std::uint64_t>(scenario.seed),
                      [](const Platform& platform, const TaskGraph& work) { return run(platform, work); })};
}

models::TrainingCluster cluster_of(const TrainingAnswer& answer) {
  return {.npus = answer.extent.npus,
          .state = answer.fullest().optimizer,
          .optical_modules = answer.bill.bill.optical_modules.known,
          .step = answer.step};
}

/// What the step means for the whole training, and what it takes.
void add_training(const TrainingWorkload& workload, const ScenarioFile& on, TrainingAnswer& answer) {
  const Scenario& scenario = on.scenario;
  answer.bill = bill_of(scenario.system.value, {scenario.site, scenario.prices, scenario.supply});
  if (scenario.reliability)
    answer.reliability = reliability_of(*scenario.reliability, cluster_of(answer), answer.pace());
  const auto training = answer.reliability ? answer.reliability->time_to_train() : std::nullopt;
  answer.energy =
      energy_of(answer.bill, training.value_or(answer.step), training ? "the training" : "a step");
  if (scenario.uncertainty) answer.uncertainty = training_uncertainty(workload, on, answer);
}

/// On levels and networks, or on a graph, of which every rank is planned.
std::pair<models::TrainingWork, Trace> run_step(const TrainingWorkload& workload, const ScenarioFile& on,
                                                const How& how, const StepPlan& plan) {
  const models::System& system = on.scenario.system.value;
  const auto planned = [&](Detail detail) { return plan(workload, system, detail); };
  if (!on.cabling) return run_planned(on, how, planned);
  const models::Work alike =
      models::plan(workload, system.chip.value, wiring_of_step(on), Detail::folded).plan;
  return run_on_graph(on, how, {&alike, damage_of(on).left}, planned);
}

/// What of the system is not alike, and what its links carried; a graph has no levels to draw.
void add_ground(const ScenarioFile& on, TrainingAnswer& answer) {
  if (!on.scenario.faults.none()) answer.faults = fault_list(on);
  if (!on.cabling) answer.network = network_of(ground_of(on.scenario).wiring, answer.traffic);
}

}  // namespace

Run<TrainingAnswer> simulated(const TrainingWorkload& workload, const ScenarioFile& on, const How& how) {
  const Scenario& scenario = on.scenario;
  const models::System& system = scenario.system.value;
  const StepPlan plan = step_plan(on);
  auto [planned, trace] = run_step(workload, on, how, plan);
  TrainingAnswer answer =
      training_answer(workload, system, planned, {planned.plan, trace, models::other_chips(scenario.faults)});
  add_ground(on, answer);
  compare_with_whole(workload, on, answer);
  if (scenario.faults.jitter)
    answer.jitter = drawn_steps(
        how.detail == Detail::folded ? planned : plan(workload, system, Detail::folded), scenario);
  add_training(workload, on, answer);
  return {std::move(answer), std::move(planned.plan), std::move(trace)};
}

}  // namespace superpod::scenarios
