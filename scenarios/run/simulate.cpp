#include "scenarios/run/simulate.hpp"

#include "scenarios/asked/kinds.hpp"
#include "scenarios/run/collective.hpp"
#include "scenarios/run/runnable.hpp"
#include "scenarios/run/training.hpp"

namespace superpod::scenarios {

Simulated simulate(const ScenarioFile& file, models::Detail detail,
                   const std::function<void(double)>& progress,
                   const std::function<void(const Forecast&)>& foreseen) {
  return simulated(file.scenario.workload, file, {detail, progress, foreseen});
}

}  // namespace superpod::scenarios
