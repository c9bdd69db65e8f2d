#include "scenarios/run/simulate.hpp"

#include "scenarios/asked/kinds.hpp"
#include "scenarios/run/collective.hpp"
#include "scenarios/run/runnable.hpp"
#include "scenarios/run/serving.hpp"
#include "scenarios/run/training.hpp"

namespace superpod::scenarios {

Simulated simulate(const ScenarioFile& file, models::Detail detail,
                   const std::function<void(double)>& progress,
                   const std::function<void(const Forecast&)>& foreseen) {
  return simulated(file.scenario.workload, file, {detail, progress, foreseen});
}

std::vector<analysis::Figure> simulated_figures(const ScenarioFile& file, models::Detail detail) {
  return std::visit(
      [&](const auto& workload) { return result_of(simulated(workload, file, How{detail}).answer).figures; },
      file.scenario.workload);
}

}  // namespace superpod::scenarios
