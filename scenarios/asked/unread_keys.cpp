#include "scenarios/asked/unread_keys.hpp"

#include <string>
#include <variant>

namespace superpod::scenarios {

void note_unread(const models::TrainingWorkload& workload, const Places& places, Mistakes& mistakes) {
  const auto note = [&](const char* key, const std::string& why) {
    if (places.contains(key)) mistakes.add(places.at(key), why, "leave it out");
  };
  if (!workload.model.value.moe) {
    const std::string none = workload.model.value.name + " has no experts";
    note("workload.expert_all_to_all", none);
    note("workload.expert_placement", none);
    return;
  }
  if (std::holds_alternative<models::BalancedLoad>(workload.expert_load))
    note("workload.expert_placement", "all experts get the same: where they live changes nothing");
  else if (workload.parallel.expert == 1)
    note("workload.expert_placement", "each rank holds all experts: there is no other place for them");
}

}  // namespace superpod::scenarios
