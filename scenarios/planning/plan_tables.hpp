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

/// What the searches of all systems did, together.
struct SearchSummary {
  double mappings = 0;                         ///< whose least time was computed
  double pruned_by_memory = 0;                 ///< of these, not within the NPU's memory
  double pruned_by_bound = 0;                  ///< of these, shown to be too slow by their least time
  std::vector<models::Simulated> simulated{};  ///< of these
  double largest_gap = 0;                      ///< simulated over least time, minus 1: the most of all
  double open_gap = 0;  ///< how much faster one that was not simulated could be at most, as a share
};
SearchSummary summary_of(const std::vector<ClusterSearch>& searches);

/// Those of the best answer that its simulation has not told, and those of the search.
void add_plan_figures(const Planned& planned, const SearchSummary& search, analysis::Result& result);

/// `answers`, `limits`, `rejected`, `systems`, `bounds` and `scenarios`; `yaml` [answer].
void add_plan_tables(const Planned& planned, const std::vector<std::string>& yaml, analysis::Result& result);

}  // namespace superpod::scenarios
