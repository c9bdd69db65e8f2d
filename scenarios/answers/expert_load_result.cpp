#include "scenarios/answers/expert_load_result.hpp"

#include <algorithm>
#include <numeric>

namespace superpod::scenarios {

std::optional<ExpertLoads> expert_loads(const models::TrainingWorkload& workload,
                                        const models::Mapping& mapping) {
  if (mapping.expert_ranks.load.empty()) return std::nullopt;
  const models::RoutedExperts experts{*workload.model.value.moe, workload.expert_load,
                                      workload.expert_placement, workload.parallel.expert};
  return ExpertLoads{std::ranges::max(experts.load()), mapping.expert_ranks};
}

void add_expert_loads(const ExpertLoads& loads, analysis::Result& result) {
  const auto& [load, visits] = loads.of_ranks;
  const auto hottest = static_cast<std::size_t>(std::ranges::max_element(load) - load.begin());
  const auto add = [&](const char* key, double value, const char* meaning) {
    result.figures.push_back({std::string{"expert_load."} + key, value, "", meaning});
  };
  add("hottest_expert", loads.hottest_expert, "tokens that it gets, over the mean of all experts");
  add("hottest_rank", load[hottest],
      "pairs of a token and one of its experts that the rank computes, over the mean of all ranks");
  add("coldest_rank", std::ranges::min(load), "likewise, of the rank that gets least");
  add("visits_of_hottest_rank", visits[hottest],
      "share of all tokens that are sent there; those for several of its experts go once");
  add("visits_of_mean_rank",
      std::accumulate(visits.begin(), visits.end(), 0.0) / static_cast<double>(visits.size()),
      "likewise, mean over ranks");

  std::vector<std::int64_t> ranks(load.size());
  std::iota(ranks.begin(), ranks.end(), 0);
  result.tables.push_back(
      {"expert_ranks",
       "expert_rank",
       "what each rank of an expert-parallel group gets, in every MoE layer",
       {{"rank", "", "place in the group, the innermost level counting fastest", ranks},
        {"load", "", "pairs of a token and one of the rank's experts, over the mean of all ranks", load},
        {"visits", "", "share of all tokens that are sent there", visits}}});
}

}  // namespace superpod::scenarios
