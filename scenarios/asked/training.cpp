#include <algorithm>
#include <map>
#include <vector>

#include "models/costs/bill.hpp"
#include "models/kernels/family.hpp"
#include "models/training/cabled_step.hpp"
#include "models/training/feasibility.hpp"
#include "models/training/step.hpp"
#include "scenarios/asked/expert_tokens.hpp"
#include "scenarios/asked/flaws.hpp"
#include "scenarios/asked/ground.hpp"
#include "scenarios/asked/kernel_source.hpp"
#include "scenarios/asked/kinds.hpp"
#include "scenarios/asked/step_plan.hpp"
#include "scenarios/asked/uncertain_inputs.hpp"
#include "scenarios/asked/unread_keys.hpp"
#include "topology/cabling/reachability.hpp"

namespace superpod::scenarios {

using models::TrainingWorkload;

namespace {

/// Inputs that are said to be uncertain, and are none.
void note_unknown_inputs(const ScenarioFile& on, Mistakes& mistakes) {
  const Scenario& scenario = on.scenario;
  const std::vector<std::string> known = input_paths(scenario.system.value, scenario.reliability);
  for (const auto& [path, width] : scenario.uncertainty->inputs)
    if (std::ranges::find(known, path) == known.end())
      mistakes.add(on.places.at("uncertainty.inputs." + path),
                   in_quotes(path) + " is no input that may be off", suggestion(path, known, "inputs"));
}

}  // namespace

void read_tables(TrainingWorkload& workload, const Places& places, Mistakes& mistakes) {
  read_expert_tokens(workload.expert_load, places, mistakes);
}

void note_flaws(const TrainingWorkload& workload, const ScenarioFile& on, Mistakes& mistakes) {
  const models::System& system = on.scenario.system.value;
  note(on.cabling ? models::flaws(workload, system, *on.cabling) : models::flaws(workload, system),
       "workload", on.places, mistakes);
}

void note_misfits(const TrainingWorkload& workload, const ScenarioFile& on, Mistakes& mistakes) {
  const models::System& system = on.scenario.system.value;
  const auto& chips = on.scenario.faults.chips;
  for (std::size_t i = 0; i < chips.size(); ++i)
    note(models::flaws(workload, system, chips[i].chip.value), "faults.chips." + std::to_string(i) + ".chip",
         on.places, mistakes);
  note(models::equipment_flaws(system), "system", on.places, mistakes);
  if (mistakes.empty() && on.scenario.reliability)
    note(models::flaws(*on.scenario.reliability, {.npus = static_cast<double>(npus(system.fabric()))}),
         "reliability", on.places, mistakes);
  if (mistakes.empty()) note_unread(workload, on.places, mistakes);
  if (mistakes.empty() && on.scenario.uncertainty) note_unknown_inputs(on, mistakes);
}

void check_ways(const TrainingWorkload& workload, const ScenarioFile& on) {
  if (on.cabling) return topology::require_ways(damage_of(on).left);
  const Ground ground = ground_of(on.scenario);
  if (!ground.has_dead_links()) return;
  static_cast<void>(models::plan(workload, on.scenario.system.value.chip.value, ground.wiring,
                                 models::Detail::folded, ground.asymmetry));
}

std::string explained(const TrainingWorkload& workload, const ScenarioFile& on) {
  const models::Chip& chip = on.scenario.system.value.chip.value;
  const auto planned = models::without_tasks(workload, chip, wiring_of_step(on));
  std::map<std::string, std::string> sources;  // each family of kernels of a step, once
  std::size_t widest = 0;
  for (const auto& [use, calls] : planned.kernels) {
    const std::string family = text(family_of(use.kernel));
    widest = std::max(widest, family.size());
    sources[family] = kernel_source(use.kernel, chip);
  }
  std::string out = "\nkernels, and the measurements that time them\n";
  for (const auto& [family, source] : sources)
    out += "  " + family + std::string(widest - family.size() + 2, ' ') + source + "\n";
  return out;
}

}  // namespace superpod::scenarios
