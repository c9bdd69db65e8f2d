/// Keys that are right by themselves, and that nothing would read beside the others.
#pragma once

#include "models/training/training.hpp"
#include "scenarios/text/mistakes.hpp"
#include "scenarios/text/yaml_read.hpp"

namespace superpod::scenarios {

/// Of what a scenario says about a training: only keys that were written can be a mistake.
void note_unread(const models::TrainingWorkload& workload, const Places& places, Mistakes& mistakes);

}  // namespace superpod::scenarios
