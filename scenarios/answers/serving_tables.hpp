/// Tables of a serving's answer, and what it says in words.
#pragma once

#include <string>
#include <vector>

#include "analysis/result.hpp"
#include "scenarios/answers/serving_answer.hpp"

namespace superpod::scenarios {

struct PartOfTime {
  std::string part;
  Seconds time;
  std::string meaning;
};

/// From the first moment to the last token, mean over a pool's instances: parts of iterations, and idle.
std::vector<PartOfTime> time_by_part(const ServingAnswer& answer, std::size_t pool);

void add_tables(const ServingAnswer& answer, analysis::Result& result);

/// Whether the service level is kept, by what, and what is in the way.
std::string verdict(const ServingAnswer& answer);

}  // namespace superpod::scenarios
