#include "scenarios/tables/expert_load.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "models/random/random.hpp"

namespace superpod::scenarios {
namespace {

constexpr int drawings = 16;
constexpr std::uint64_t seed = 20261;

/// `experts` popularities with density x^-alpha on [least, most], by the inverse of its distribution.
std::vector<double> popularities(models::Random& random, int experts, double alpha, double least,
                                 double most) {
  // Where alpha is 1 the inverse is least * (most / least)^u; its neighbours there differ by rounding only.
  const double power = alpha == 1 ? 1e-9 : 1 - alpha;
  const double low = std::pow(least, power), high = std::pow(most, power);
  std::vector<double> all(static_cast<std::size_t>(experts));
  std::generate(all.begin(), all.end(),
                [&] { return std::pow((high - low) * random.uniform() + low, 1 / power); });
  return all;
}

/// Adds `rest` whole tokens, each to an expert that has least, ranks in turn: all are raised to one level, as
/// far as it goes.
void fill(std::vector<double>& tokens, double rest, std::size_t local) {
  const auto needed = [&](double level) {
    return std::accumulate(tokens.begin(), tokens.end(), 0.0,
                           [&](double sum, double n) { return sum + std::max(0.0, level - n); });
  };
  double level = *std::min_element(tokens.begin(), tokens.end()), above = level + rest + 1;
  while (above - level > 1) {  // needed(level) <= rest < needed(above)
    const double middle = std::floor((level + above) / 2);
    (needed(middle) <= rest ? level : above) = middle;
  }
  rest -= needed(level);
  for (double& n : tokens) n = std::max(n, level);
  for (std::size_t i = 0; i < local; ++i)
    for (std::size_t expert = i; expert < tokens.size() && rest > 0; expert += local)
      if (tokens[expert] == level) {
        ++tokens[expert];
        --rest;
      }
}

/// Takes `surplus` whole tokens, one at a time, ranks in turn, from the expert of the rank that has most.
void drain(std::vector<double>& tokens, double surplus, std::size_t local) {
  for (std::size_t first = 0; surplus >= 1; first = (first + local) % tokens.size()) {
    const auto begin = tokens.begin() + static_cast<std::ptrdiff_t>(first);
    const auto most = std::max_element(begin, begin + static_cast<std::ptrdiff_t>(local));
    if (*most < 1) continue;
    --*most;
    --surplus;
  }
}

/// Whole tokens for each expert, in proportion to its popularity, at most `tokens` each; what rounding and
/// that bound leave over goes to the experts with least, what is too much comes from those with most.
std::vector<double> tokens_by_popularity(const std::vector<double>& popularity, const Routing& routing) {
  const double all = std::accumulate(popularity.begin(), popularity.end(), 0.0);
  const double wanted = routing.tokens * routing.top_k;
  const std::size_t local = popularity.size() / static_cast<std::size_t>(routing.ranks);
  std::vector<double> tokens(popularity.size());
  std::transform(popularity.begin(), popularity.end(), tokens.begin(),
                 [&](double p) { return std::min(routing.tokens, std::nearbyint(p / all * wanted)); });
  const double rest = wanted - std::accumulate(tokens.begin(), tokens.end(), 0.0);
  fill(tokens, std::max(0.0, rest), local);
  drain(tokens, std::max(0.0, -rest), local);
  return tokens;
}

ExpertLoad busiest(const std::vector<double>& tokens, int ranks) {
  const std::size_t local = tokens.size() / static_cast<std::size_t>(ranks);
  ExpertLoad most;
  for (auto first = tokens.begin(); first != tokens.end(); first += static_cast<std::ptrdiff_t>(local)) {
    const auto last = first + static_cast<std::ptrdiff_t>(local);
    const double rows = std::accumulate(first, last, 0.0);
    if (rows > most.rows)
      most = {static_cast<double>(std::count_if(first, last, [](double n) { return n > 0; })), rows};
  }
  return most;
}

}  // namespace

ExpertLoad balanced_load(const Routing& routing) {
  const std::int64_t experts = routing.experts, local = experts / routing.ranks;
  const auto tokens = static_cast<std::int64_t>(routing.tokens);
  const auto top_k = static_cast<std::int64_t>(routing.top_k);
  const std::int64_t stride = (experts + top_k - 1) / top_k;
  const std::int64_t cycles = tokens / experts;  // in each of them every choice meets every expert once
  std::vector<char> active(static_cast<std::size_t>(local), cycles > 0 ? 1 : 0);
  ExpertLoad load{.experts = 0, .rows = static_cast<double>(cycles * top_k * local)};
  for (std::int64_t t = cycles * experts; t < tokens; ++t)
    for (std::int64_t i = 0; i < top_k; ++i) {
      const std::int64_t offset = tokens >= stride ? t : t * stride / tokens;
      const std::int64_t expert = (offset + i * stride) % experts;
      if (expert >= local) continue;
      ++load.rows;
      active[static_cast<std::size_t>(expert)] = 1;
    }
  load.experts = static_cast<double>(std::count(active.begin(), active.end(), 1));
  return load;
}

ExpertLoad random_load(const Routing& routing) {
  const double local = static_cast<double>(routing.experts) / routing.ranks;
  const double chosen = routing.top_k / routing.experts;
  return {local * (1 - std::pow(1 - chosen, routing.tokens)), local * chosen * routing.tokens};
}

ExpertLoad power_law_load(const Routing& routing, double alpha) {
  const bool many = routing.tokens * routing.top_k > routing.experts;
  const double least = many ? 1 : 0.01, most = many ? 0.8 * routing.tokens : 2;
  models::Random random{seed};
  ExpertLoad sum;
  for (int drawing = 0; drawing < drawings; ++drawing) {
    const std::vector<double> popularity = popularities(random, routing.experts, alpha, least, most);
    const ExpertLoad one = busiest(tokens_by_popularity(popularity, routing), routing.ranks);
    sum.experts += one.experts;
    sum.rows += one.rows;
  }
  return {sum.experts / drawings, sum.rows / drawings};
}

}  // namespace superpod::scenarios
