/// An answer of a plan as a scenario that `superpod run` takes.
#pragma once

#include <string>

#include "scenarios/answers/training_answer.hpp"
#include "scenarios/asked/scenario.hpp"
#include "scenarios/planning/answers.hpp"
#include "scenarios/planning/question.hpp"

namespace superpod::scenarios {

/// YAML. Whatever the question says of system, workload, site, prices, supply, reliability and uncertainty
/// stands in it as it was written.
std::string scenario_of(const QuestionFile& file, const Cluster& cluster,
                        const models::MappingChoice& choice);

/// The scenario of an answer, read: `name` stands for its file. Throws ScenarioError.
ScenarioFile read_answer(const std::string& name, const std::string& yaml, const Library& library);

/// Such a scenario's training, simulated folded.
TrainingAnswer simulated_training(const ScenarioFile& answer);

}  // namespace superpod::scenarios
