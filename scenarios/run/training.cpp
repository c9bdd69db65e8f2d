#include "scenarios/run/training.hpp"

#include <algorithm>

#include "models/hardware/kernel_time.hpp"
#include "scenarios/asked/ground.hpp"
#include "scenarios/run/uncertain_training.hpp"

namespace superpod::scenarios {
namespace {

using models::Detail;
using models::TrainingWorkload;

/// The step with all kernels faster, and slower, by the error that their timings are expected to have.
StepInterval step_interval(const TrainingWorkload& workload, const models::Chip& chip,
                           const topology::Wiring& whole, Seconds step) {
  StepInterval interval{step, step};
  for (const double sigmas : {-1.0, 1.0}) {
    const Seconds other = folded_time([&](Detail detail) {
      return models::plan(workload, models::with_kernels_off(chip, sigmas), whole, detail);
    });
    interval = {std::min(interval.fast, other), std::max(interval.slow, other)};
  }
  return interval;
}

/// What faults cost, and how sure a step is as far as its kernels go (uncertain_training.hpp goes further).
void compare_with_whole(const TrainingWorkload& workload, const Scenario& scenario, TrainingAnswer& answer) {
  const models::System& system = scenario.system.value;
  const Ground whole = without_faults(system);
  if (!scenario.faults.none())
    answer.slowdown = Slowdown{answer.step, folded_time([&](Detail detail) {
                                 return models::plan(workload, system.chip.value, whole.wiring, detail);
                               })};
  if (scenario.uncertainty || system.chip.value.timings.empty()) return;
  const Seconds step = answer.slowdown ? answer.slowdown->without : answer.step;
  answer.step_interval = step_interval(workload, system.chip.value, whole.wiring, step);
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
void add_training(const TrainingWorkload& workload, const Scenario& scenario, TrainingAnswer& answer) {
  answer.bill = bill_of(scenario.system.value, {scenario.site, scenario.prices, scenario.supply});
  if (scenario.reliability)
    answer.reliability = reliability_of(*scenario.reliability, cluster_of(answer), answer.pace());
  const auto training = answer.reliability ? answer.reliability->time_to_train() : std::nullopt;
  answer.energy =
      energy_of(answer.bill, training.value_or(answer.step), training ? "the training" : "a step");
  if (scenario.uncertainty) answer.uncertainty = training_uncertainty(workload, scenario, answer);
}

}  // namespace

Run<TrainingAnswer> simulated(const TrainingWorkload& workload, const ScenarioFile& on, const How& how) {
  const Scenario& scenario = on.scenario;
  const models::System& system = scenario.system.value;
  const Ground ground = ground_of(scenario);
  const auto plan = [&](Detail detail) {
    return models::plan(workload, system.chip.value, ground.wiring, detail, ground.asymmetry);
  };
  auto [planned, trace] = run_planned(on, how, plan);
  TrainingAnswer answer =
      training_answer(workload, system, planned, {planned.plan, trace, ground.asymmetry.chips});
  answer.network = network_of(ground.wiring, answer.traffic);
  if (!scenario.faults.none()) answer.faults = fault_list(ground.asymmetry, ground.wiring);
  compare_with_whole(workload, scenario, answer);
  if (scenario.faults.jitter)
    answer.jitter = drawn_steps(how.detail == Detail::folded ? planned : plan(Detail::folded), scenario);
  add_training(workload, scenario, answer);
  return {std::move(answer), std::move(planned.plan), std::move(trace)};
}

}  // namespace superpod::scenarios
