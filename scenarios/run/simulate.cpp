#include "scenarios/run/simulate.hpp"

#include "scenarios/answers/collective_result.hpp"
#include "scenarios/answers/training_result.hpp"
#include "scenarios/asked/explain.hpp"
#include "scenarios/asked/kinds.hpp"
#include "scenarios/run/collective.hpp"
#include "scenarios/run/runnable.hpp"
#include "scenarios/run/training.hpp"
#include "sim/version/version.hpp"

namespace superpod::scenarios {

void add_head(const ScenarioFile& of, models::Detail detail, analysis::Result& result) {
  const Scenario& scenario = of.scenario;
  result.name = scenario.name;
  result.system = scenario.system.value.name;
  result.version = version();
  result.scenario_text = of.text;
  result.seed = scenario.seed;
  result.engine = detail == models::Detail::folded ? "folded" : "full";
  for (const Parameter& parameter : parameters(of))
    result.provenance.push_back(
        {parameter.path, parameter.value, parameter.grade, parameter.source, parameter.note});
}

Simulated simulate(const ScenarioFile& file, models::Detail detail,
                   const std::function<void(double)>& progress,
                   const std::function<void(const Forecast&)>& foreseen) {
  return simulated(file.scenario.workload, file, {detail, progress, foreseen});
}

}  // namespace superpod::scenarios
