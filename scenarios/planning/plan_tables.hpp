/// A plan as figures and tables.
#pragma once

#include <string>
#include <vector>

#include "analysis/result.hpp"
#include "scenarios/planning/answers.hpp"

namespace superpod::scenarios {

/// What a plan has found.
struct Planned {
  const Question& question;
  const std::vector<Cluster>& clusters;
  const std::vector<ClusterSearch>& searches;
  const std::vector<Answer>& answers;  ///< best first
};

/// Those of the best answer that its simulation has not told, and those of the search.
void add_plan_figures(const Planned& planned, analysis::Result& result);

/// `answers`, `limits`, `rejected`, `systems`, `bounds` and `scenarios`; `yaml` [answer].
void add_plan_tables(const Planned& planned, const std::vector<std::string>& yaml, analysis::Result& result);

}  // namespace superpod::scenarios
