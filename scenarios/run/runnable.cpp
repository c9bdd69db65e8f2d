#include "scenarios/run/runnable.hpp"

#include "scenarios/asked/explain.hpp"
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

}  // namespace superpod::scenarios
