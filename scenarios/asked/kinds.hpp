/// What the kinds of workload in the list (scenario.hpp) say of themselves: askable.hpp has the contracts.
#pragma once

#include <string>

#include "models/collectives/workload.hpp"
#include "models/serving/serving.hpp"
#include "models/training/training.hpp"
#include "scenarios/asked/askable.hpp"
#include "scenarios/asked/scenario.hpp"
#include "scenarios/text/mistakes.hpp"

namespace superpod::scenarios {

/// It names no files.
inline void read_tables(models::CollectiveWorkload&, const Places&, Mistakes&) {}
void note_flaws(const models::CollectiveWorkload& workload, const ScenarioFile& on, Mistakes& mistakes);
void note_misfits(const models::CollectiveWorkload& workload, const ScenarioFile& on, Mistakes& mistakes);
void check_ways(const models::CollectiveWorkload& workload, const ScenarioFile& on);
/// Its parameters say all.
inline std::string explained(const models::CollectiveWorkload&, const ScenarioFile&) { return {}; }

void read_tables(models::TrainingWorkload& workload, const Places& places, Mistakes& mistakes);
void note_flaws(const models::TrainingWorkload& workload, const ScenarioFile& on, Mistakes& mistakes);
void note_misfits(const models::TrainingWorkload& workload, const ScenarioFile& on, Mistakes& mistakes);
void check_ways(const models::TrainingWorkload& workload, const ScenarioFile& on);
/// The measurements that time its kernels.
std::string explained(const models::TrainingWorkload& workload, const ScenarioFile& on);

void read_tables(models::ServingWorkload& workload, const Places& places, Mistakes& mistakes);
void note_flaws(const models::ServingWorkload& workload, const ScenarioFile& on, Mistakes& mistakes);
void note_misfits(const models::ServingWorkload& workload, const ScenarioFile& on, Mistakes& mistakes);
/// Nothing in its system is dead.
inline void check_ways(const models::ServingWorkload&, const ScenarioFile&) {}
/// What the engine would say of its cache, and the measurements that time its kernels.
std::string explained(const models::ServingWorkload& workload, const ScenarioFile& on);

}  // namespace superpod::scenarios
