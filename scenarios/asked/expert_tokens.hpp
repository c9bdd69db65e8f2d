/// Counts of tokens for each expert, as a measurement gives them: a table with the column `tokens`.
///
///     # expert_load: {kind: measured, file: counts.csv}
///     expert,tokens
///     0,1204
///     1,655
///
/// One row an expert, expert 0 first; with a column `expert` rows stand in any order, and those of one expert
/// (of several layers, ranks or batches) add up. The path counts from the folder of the scenario's file.
#pragma once

#include "models/mapping/expert_load.hpp"
#include "scenarios/text/mistakes.hpp"
#include "scenarios/text/yaml_read.hpp"

namespace superpod::scenarios {

/// Takes the counts of `workload.expert_load.file`, if it names one, into `tokens`, and notes what is wrong
/// with them.
void read_expert_tokens(models::ExpertLoad& load, const Places& places, Mistakes& mistakes);

}  // namespace superpod::scenarios
