/// An answer of a plan as a scenario that `superpod run` takes.
#pragma once

#include <string>

#include "scenarios/planning/answers.hpp"
#include "scenarios/planning/question.hpp"

namespace superpod::scenarios {

/// YAML. Whatever the question says of system, workload, site, prices, supply, reliability and uncertainty
/// stands in it as it was written.
std::string scenario_of(const QuestionFile& file, const Cluster& cluster,
                        const models::MappingChoice& choice);

}  // namespace superpod::scenarios
