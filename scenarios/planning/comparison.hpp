/// How mappings of one's own compare with the best that was found, and where the difference lies.
#pragma once

#include <string>
#include <vector>

#include "analysis/result.hpp"
#include "scenarios/planning/answers.hpp"
#include "scenarios/text/library.hpp"

namespace superpod::scenarios {

/// Adds the table `compared`: a row for each mapping of `compare` on each size of its candidate, with its
/// step, that of the best mapping there, and the seconds of the step by cause in which they differ. The
/// answer is a sentence for each.
std::string add_comparison(const QuestionFile& file, const std::vector<Cluster>& clusters,
                           const std::vector<Answer>& answers, const Library& library,
                           analysis::Result& result);

}  // namespace superpod::scenarios
