#include "scenarios/run/uncertain_training.hpp"

#include <algorithm>
#include <map>
#include <span>

#include "models/training/step.hpp"
#include "scenarios/asked/step_plan.hpp"
#include "scenarios/asked/uncertain_inputs.hpp"
#include "scenarios/run/how.hpp"

namespace superpod::scenarios {
namespace {

using models::Factors;
using models::TrainingWorkload;

const std::string reliability_path = "reliability";

/// Transformer layers of each stage, if they can be given: embedding and head are where they would then be.
std::optional<std::vector<int>> cut_of(const std::vector<models::Stage>& stages, const models::Llm& llm) {
  std::vector<int> counts;
  for (const models::Stage& stage : stages) counts.push_back(static_cast<int>(stage.size()));
  counts.front() -= 1;
  counts.back() -= 1 + llm.mtp_layers;
  if (counts.front() < 0 || counts.back() < 0) return std::nullopt;
  return counts;
}

/// The workload with its layers where they are cut on the system of `on`.
TrainingWorkload with_its_cut(const TrainingWorkload& workload, const ScenarioFile& on) {
  if (workload.layers_per_stage) return workload;
  TrainingWorkload fixed = workload;
  const auto laid = models::without_tasks(workload, on.scenario.system.value.chip.value, wiring_of_step(on));
  fixed.layers_per_stage = cut_of(laid.stages, workload.model.value);
  return fixed;
}

/// The step with the system's inputs times these factors; what was simulated once is remembered.
models::Evaluation step_of(const TrainingWorkload& workload, const ScenarioFile& on,
                           std::vector<models::UncertainInput> inputs) {
  return [&system = on.scenario.system.value, fixed = with_its_cut(workload, on),
          plan = step_plan_without_faults(on), inputs = std::move(inputs),
          known = std::map<Factors, double>{}](const Factors& factors) mutable {
    const Factors of_system(factors.begin(), factors.begin() + static_cast<std::ptrdiff_t>(inputs.size()));
    const auto [at, added] = known.try_emplace(of_system);
    if (added)
      at->second = folded_time([&](models::Detail detail) {
                     return plan(fixed, with_factors(system, inputs, of_system), detail);
                   }).in(unit::s);
    return std::vector{at->second};
  };
}

/// Goodput, pace, and the time to train where its tokens are told, of a step that takes as long.
models::Completion lifetime_of(const ReliabilityAnswer& found, double tokens,
                               const std::vector<models::UncertainInput>& inputs) {
  models::Reliability reliability = found.reliability;
  reliability.spares = found.goodput.spares;  // bought before
  return [inputs, reliability, cluster = found.cluster, tokens](const Factors& factors,
                                                                const std::vector<double>& costly) mutable {
    cluster.step = Seconds{costly.front()};
    const double share =
        models::goodput(with_factors(reliability, reliability_path, inputs, factors), cluster).share();
    const double goodput = std::max(share, models::least_goodput);  // an interval ends somewhere
    const double pace = goodput * tokens / costly.front();
    std::vector<double> figures{costly.front(), goodput, pace};
    if (reliability.tokens) figures.push_back(*reliability.tokens / pace);
    return figures;
  };
}

}  // namespace

UncertainAnswer training_uncertainty(const TrainingWorkload& workload, const ScenarioFile& on,
                                     const TrainingAnswer& found) {
  const Scenario& scenario = on.scenario;
  const models::Uncertainty& uncertainty = *scenario.uncertainty;
  UncertainAnswer answer;
  answer.inputs = system_inputs(scenario.system.value, uncertainty);
  answer.figures = {Studied::step_time};
  const models::Evaluation step = step_of(workload, on, answer.inputs);

  models::Completion completion = [](const Factors&, const std::vector<double>& costly) { return costly; };
  if (found.reliability && found.reliability->gets_on()) {
    for (auto& input : uncertain_inputs(found.reliability->reliability, reliability_path, uncertainty))
      answer.inputs.push_back(std::move(input));
    answer.figures.insert(answer.figures.end(), {Studied::goodput, Studied::effective_pace});
    if (found.reliability->reliability.tokens) answer.figures.push_back(Studied::time_to_train);
    const double tokens = found.pace().in(unit::Hz)*found.step.in(unit::s);
    completion = lifetime_of(*found.reliability, tokens, answer.inputs);
  }
  answer.study = models::study(answer.inputs, step, completion, uncertainty, scenario.seed);
  return answer;
}

}  // namespace superpod::scenarios
