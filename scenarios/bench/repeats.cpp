#include "scenarios/bench/repeats.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

namespace superpod::scenarios {
namespace {

using Clock = std::chrono::steady_clock;

Seconds since(Clock::time_point begin) {
  return Seconds{std::chrono::duration<double>(Clock::now() - begin).count()};
}

/// Of sorted samples, linear between neighbours.
Seconds quantile(const std::vector<Seconds>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

Sampled summary(std::vector<Seconds> samples, int runs) {
  std::sort(samples.begin(), samples.end());
  return {.median = quantile(samples, 0.5),
          .low = quantile(samples, 0.25),
          .high = quantile(samples, 0.75),
          .samples = static_cast<int>(samples.size()),
          .runs = runs};
}

}  // namespace

Sampled sampled(const std::function<Seconds(int)>& mean_of, const Effort& effort) {
  const auto warming = Clock::now();
  Seconds once = mean_of(1);
  while (since(warming) < effort.warm_up) once = std::min(once, mean_of(1));
  constexpr double most_runs = 10000;
  const double wanted = once > Seconds{} ? std::ceil(effort.shortest_sample / once) : most_runs;
  const int runs = static_cast<int>(std::clamp(wanted, 1.0, most_runs));

  const auto begin = Clock::now();
  std::vector<Seconds> samples;
  for (Sampled found;;) {
    samples.push_back(mean_of(runs));
    found = summary(samples, runs);
    const bool steady =
        found.samples >= effort.least && found.high - found.low <= effort.spread * found.median;
    const bool spent = found.samples >= effort.fewest && since(begin) >= effort.budget;
    if (steady || spent || found.samples >= effort.most) return found;
  }
}

}  // namespace superpod::scenarios
