/// From a question to ranked answers.
#pragma once

#include <functional>
#include <string>

#include "analysis/result.hpp"
#include "scenarios/planning/question.hpp"
#include "scenarios/text/library.hpp"

namespace superpod::scenarios {

/// Called with what is being done, and the share of it that is done.
using PlanProgress = std::function<void(const std::string&, double)>;

/// Searches all clusters, `threads` at a time, ranks what was found, and simulates the best answer with
/// intervals. The same for the same question, seed and version, whatever the number of threads.
analysis::Result plan(const QuestionFile& file, const Library& library, int threads,
                      const PlanProgress& progress = {});

}  // namespace superpod::scenarios
