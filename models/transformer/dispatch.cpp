#include "models/transformer/dispatch.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace superpod::models {
namespace {

/// C(n - x, k) / C(n, k): the probability that k of n things, drawn without order, miss x given ones.
double probability_of_missing(int n, int x, int k) {
  double probability = 1;
  for (int draw = 0; draw < k; ++draw)
    probability *= std::max(0.0, static_cast<double>(n - x - draw) / (n - draw));
  return probability;
}

double binomial(int n, int k) {
  double product = 1;
  for (int i = 0; i < k; ++i) product *= static_cast<double>(n - i) / (i + 1);
  return k < 0 || k > n ? 0 : product;
}

void require_even_cut(const Moe& moe, int parts) {
  const auto say = [](const std::string& sentence) { throw std::invalid_argument(sentence); };
  const int experts = moe.routed_experts;
  if (parts < 1 || experts % parts != 0)
    say(std::to_string(experts) + " experts cannot be dealt evenly to " + std::to_string(parts) + " parts");
  if (moe.groups < 1 || experts % moe.groups != 0)
    say(std::to_string(experts) + " experts do not form " + std::to_string(moe.groups) + " equal groups");
  if (parts % moe.groups != 0 && moe.groups % parts != 0)
    say(std::to_string(moe.groups) + " groups of experts and " + std::to_string(parts) +
        " parts do not nest");
  if (moe.groups_per_token > moe.groups || moe.top_k > moe.groups_per_token * (experts / moe.groups))
    say("a token cannot choose " + std::to_string(moe.top_k) + " experts in " +
        std::to_string(moe.groups_per_token) + " of " + std::to_string(moe.groups) + " groups");
}

}  // namespace

double expected_distinct_parts(const Moe& moe, int parts) {
  require_even_cut(moe, parts);
  const int chosen = moe.groups_per_token, candidates = chosen * (moe.routed_experts / moe.groups);
  const int groups_of_part = std::max(1, moe.groups / parts);
  const int experts_of_overlap = moe.routed_experts / std::max(parts, moe.groups);
  double hit = 0;
  for (int overlap = 1; overlap <= std::min(groups_of_part, chosen); ++overlap) {
    const double probability = binomial(groups_of_part, overlap) *
                               binomial(moe.groups - groups_of_part, chosen - overlap) /
                               binomial(moe.groups, chosen);
    hit += probability * (1 - probability_of_missing(candidates, overlap * experts_of_overlap, moe.top_k));
  }
  return parts * hit;
}

Bytes dispatch_size(const Llm& llm, const Precisions& plan) {
  return llm.hidden * stored_size(plan.dispatch);
}

Bytes combine_size(const Llm& llm, const Precisions& plan) { return llm.hidden * stored_size(plan.combine); }

}  // namespace superpod::models
