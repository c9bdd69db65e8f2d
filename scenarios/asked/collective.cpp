#include <array>

#include "models/collectives/cabled_collective.hpp"
#include "scenarios/asked/flaws.hpp"
#include "scenarios/asked/ground.hpp"
#include "scenarios/asked/kinds.hpp"

namespace superpod::scenarios {

using models::CollectiveWorkload;

void note_flaws(const CollectiveWorkload& workload, const ScenarioFile& on, Mistakes& mistakes) {
  note(on.cabling ? flaws(workload, *on.cabling) : flaws(workload, on.scenario.system.value.fabric()),
       "workload", on.places, mistakes);
}

void note_misfits(const CollectiveWorkload&, const ScenarioFile& on, Mistakes& mistakes) {
  const std::string computes_nothing = "a collective computes nothing: ";
  const std::string only_training = "only a training says what its system needs and costs";
  struct Misplaced {
    std::string key, message, help;
  };
  const std::array misplaced{
      Misplaced{"faults.npus", computes_nothing + "slow NPUs do not change it",
                "leave them out; `links` are what can slow it down"},
      Misplaced{"faults.jitter", computes_nothing + "speeds of NPUs do not change it", "leave it out"},
      Misplaced{"faults.chips", computes_nothing + "other chips do not change it",
                "leave them out; `links` are what can slow it down"},
      Misplaced{"site", only_training, "leave it out, or run a training"},
      Misplaced{"prices", only_training, "leave it out, or run a training"},
      Misplaced{"supply", only_training, "leave it out, or run a training"},
      Misplaced{"reliability", "a collective is over before something fails",
                "leave it out, or run a training"},
      Misplaced{"uncertainty", "only trainings have intervals", "leave it out"}};
  for (const auto& [key, message, help] : misplaced)
    if (on.places.contains(key)) mistakes.add(on.places.at(key), message, help);
}

void check_ways(const CollectiveWorkload& workload, const ScenarioFile& on) {
  if (on.cabling) return models::require_ways(workload, damage_of(on).left);
  const Ground ground = ground_of(on.scenario);
  if (!ground.has_dead_links()) return;
  static_cast<void>(models::plan(workload, ground.wiring, models::Detail::folded, ground.asymmetry));
}

}  // namespace superpod::scenarios
