#include "models/mapping/expert_load.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "models/random/random.hpp"
#include "models/transformer/dispatch.hpp"
#include "models/transformer/routing.hpp"
#include "sim/values/index.hpp"

namespace superpod::models {
namespace {

using topology::Flaw;

std::vector<double> relative_to_mean(std::vector<double> values) {
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  for (double& value : values) value /= mean;
  return values;
}

/// Popularity or load of each expert, whichever is given; nothing for the loads of balanced experts.
std::vector<double> given(const BalancedLoad&, int experts) {
  return std::vector<double>(index(experts), 1.0);
}

std::vector<double> given(const ZipfLoad& zipf, int experts) {
  std::vector<double> popularity;
  for (int place = 1; place <= experts; ++place) popularity.push_back(std::pow(place, -zipf.exponent));
  if (zipf.seed) Random{static_cast<std::uint64_t>(*zipf.seed)}.shuffle(popularity);
  return popularity;
}

std::vector<double> given(const MeasuredLoad& measured, int) { return relative_to_mean(measured.tokens); }

std::vector<double> given(const HotLoad& hot, int experts) {
  std::vector<double> load(index(experts), 1.0);
  for (const HotExpert& one : hot.experts) load[index(one.expert)] = one.load;
  return relative_to_mean(std::move(load));
}

bool all_equal(const std::vector<double>& values) {
  return std::ranges::all_of(values, [&](double value) { return value == values.front(); });
}

std::vector<int> dealt(const std::vector<double>& load, ExpertPlacement placement, int ranks) {
  const std::size_t room = load.size() / index(ranks);
  std::vector<int> rank_of(load.size());
  if (placement == ExpertPlacement::consecutive) {
    for (std::size_t e = 0; e < load.size(); ++e) rank_of[e] = static_cast<int>(e / room);
    return rank_of;
  }
  std::vector<std::size_t> hottest_first(load.size());
  std::iota(hottest_first.begin(), hottest_first.end(), 0);
  std::ranges::stable_sort(hottest_first, std::greater{}, [&](std::size_t e) { return load[e]; });
  std::vector<double> sum(index(ranks));
  std::vector<std::size_t> held(index(ranks));
  for (const std::size_t e : hottest_first) {
    std::size_t least = held.size();
    for (std::size_t r = 0; r < held.size(); ++r)
      if (held[r] < room && (least == held.size() || sum[r] < sum[least])) least = r;
    rank_of[e] = static_cast<int>(least);
    sum[least] += load[e];
    ++held[least];
  }
  return rank_of;
}

void check(const BalancedLoad&, const Moe&, std::vector<Flaw>&) {}
void check(const ZipfLoad&, const Moe&, std::vector<Flaw>&) {}

void check(const MeasuredLoad& measured, const Moe& moe, std::vector<Flaw>& found) {
  if (static_cast<int>(measured.tokens.size()) != moe.routed_experts)
    found.push_back({measured.file ? "expert_load.file" : "expert_load.tokens",
                     std::to_string(measured.tokens.size()) + " counts for " +
                         std::to_string(moe.routed_experts) + " experts",
                     "one count an expert, expert 0 first"});
  else if (std::accumulate(measured.tokens.begin(), measured.tokens.end(), 0.0) <= 0)
    found.push_back({"expert_load.tokens", "no expert gets a token", "at least one count above 0"});
}

void check(const HotLoad& hot, const Moe& moe, std::vector<Flaw>& found) {
  std::vector<int> named;
  for (std::size_t i = 0; i < hot.experts.size(); ++i) {
    const int expert = hot.experts[i].expert;
    const std::string key = "expert_load.experts." + std::to_string(i) + ".expert";
    if (expert >= moe.routed_experts)
      found.push_back({key, "there is no expert " + std::to_string(expert),
                       "counting from 0, up to " + std::to_string(moe.routed_experts - 1)});
    if (std::ranges::find(named, expert) != named.end())
      found.push_back({key, "expert " + std::to_string(expert) + " is named twice", "name it once"});
    named.push_back(expert);
  }
  if (static_cast<int>(named.size()) >= moe.routed_experts)
    found.push_back({"expert_load.experts", "no expert is left that the loads are relative to",
                     "{kind: measured, tokens: [...]}"});
}

}  // namespace

RoutedExperts::RoutedExperts(const Moe& moe, const ExpertLoad& load, ExpertPlacement placement, int ranks)
    : moe_{moe}, ranks_{ranks} {
  const auto its = std::visit([&](const auto& kind) { return given(kind, moe.routed_experts); }, load);
  if (all_equal(its)) {
    load_.assign(its.size(), 1.0);
  } else if (std::holds_alternative<ZipfLoad>(load)) {
    popularity_ = its;
    load_ = relative_to_mean(choice_probabilities(moe, popularity_));
  } else {
    load_ = its;
    popularity_ = popularities(moe, load_);
  }
  rank_of_ = dealt(load_, placement, ranks);
}

PartLoads RoutedExperts::of_ranks() const {
  std::vector<int> itself(index(ranks_));
  std::iota(itself.begin(), itself.end(), 0);
  return of_parts(itself, ranks_);
}

PartLoads RoutedExperts::of_parts(std::span<const int> part_of_rank, int parts) const {
  if (balanced())
    return {std::vector<double>(index(parts), 1.0),
            std::vector<double>(index(parts), expected_distinct_parts(moe_, parts) / parts)};
  std::vector<int> part_of_expert;
  for (const int rank : rank_of_) part_of_expert.push_back(part_of_rank[index(rank)]);
  PartLoads result{std::vector<double>(index(parts)),
                   visit_probabilities(moe_, popularity_, part_of_expert, parts)};
  for (std::size_t e = 0; e < load_.size(); ++e) result.load[index(part_of_expert[e])] += load_[e];
  const double mean = static_cast<double>(load_.size()) / parts;
  for (double& of_part : result.load) of_part /= mean;
  return result;
}

std::vector<Flaw> flaws(const ExpertLoad& load, const Moe& moe) {
  std::vector<Flaw> found;
  std::visit([&](const auto& kind) { check(kind, moe, found); }, load);
  if (!found.empty()) return found;
  try {
    static_cast<void>(RoutedExperts{moe, load, ExpertPlacement::consecutive, 1});
  } catch (const std::invalid_argument& why) {
    found.push_back({"expert_load", why.what(), "a smaller load, or a model with fewer experts a token"});
  }
  return found;
}

}  // namespace superpod::models
