#include "models/planning/best.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

namespace superpod::models {
namespace {

using Kind = std::pair<Schedule, int>;

Kind kind_of(const Choice& choice) { return {choice.schedule, choice.order}; }

/// What steps took over their bounds, by kind of choice; of a kind that was not seen, as all that were.
class Gaps {
 public:
  void add(const Simulated& seen) {
    for (Mean* mean : {&all_, &of_kind_[kind_of(seen.candidate.choice)]}) {
      mean->sum += seen.step / seen.candidate.step;
      ++mean->count;
    }
  }
  [[nodiscard]] double of(const Choice& choice) const {
    const auto at = of_kind_.find(kind_of(choice));
    if (at != of_kind_.end()) return at->second.sum / at->second.count;
    return all_.count > 0 ? all_.sum / all_.count : 1;
  }

 private:
  struct Mean {
    double sum = 0;
    int count = 0;
  };
  Mean all_;
  std::map<Kind, Mean> of_kind_;
};

/// [value] its rank; equal values share the mean of theirs.
std::vector<double> ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
  std::vector<double> rank(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first;
    while (end < order.size() && values[order[end]] == values[order[first]]) ++end;
    for (std::size_t i = first; i < end; ++i) rank[order[i]] = static_cast<double>(first + end - 1) / 2;
    first = end;
  }
  return rank;
}

}  // namespace

double Best::open_gap() const {
  if (steps.empty() || proven() || least_left == 0) return 0;
  return std::max(0.0, 1 - least_left / steps.front().per_sequence());
}

Best best_of(std::vector<Candidate> candidates, const SearchEffort& effort, const Simulator& simulate) {
  std::ranges::stable_sort(candidates, {}, &Candidate::per_sequence);
  Best best;
  Gaps gaps;
  double fastest = std::numeric_limits<double>::infinity();
  const auto may_be_best = [&](const Candidate& candidate) { return candidate.per_sequence() < fastest; };
  const auto expected = [&](const Candidate& candidate) {
    return candidate.per_sequence() * gaps.of(candidate.choice);
  };
  int left_to_simulate = effort.simulations > 0 ? effort.simulations : std::numeric_limits<int>::max();
  while (left_to_simulate > 0) {
    std::erase_if(candidates, [&](const Candidate& candidate) {
      const bool out = !may_be_best(candidate);
      if (out) ++best.pruned, ++best.left;
      return out;
    });
    if (candidates.empty()) break;
    const auto size = std::min<std::size_t>({candidates.size(), static_cast<std::size_t>(left_to_simulate),
                                             static_cast<std::size_t>(effort.round)});
    std::ranges::partial_sort(candidates, candidates.begin() + static_cast<std::ptrdiff_t>(size), {},
                              expected);
    const std::vector<Candidate> chosen(candidates.begin(),
                                        candidates.begin() + static_cast<std::ptrdiff_t>(size));
    candidates.erase(candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(size));
    for (Simulated& seen : simulate(chosen)) {
      if (!seen.misfit.empty()) {
        best.misfits.push_back(std::move(seen));
        continue;
      }
      --left_to_simulate;
      gaps.add(seen);
      fastest = std::min(fastest, seen.per_sequence());
      best.steps.push_back(std::move(seen));
    }
  }
  for (const Candidate& candidate : candidates) {
    ++best.left;
    if (!may_be_best(candidate))
      ++best.pruned;
    else if (best.least_left == 0 || candidate.per_sequence() < best.least_left)
      best.least_left = candidate.per_sequence();
  }
  std::ranges::stable_sort(best.steps, {}, &Simulated::per_sequence);
  return best;
}

double rank_correlation(std::span<const Simulated> steps) {
  if (steps.size() < 3) return std::numeric_limits<double>::quiet_NaN();
  std::vector<double> bounds;
  std::vector<double> times;
  for (const Simulated& step : steps) {
    bounds.push_back(step.candidate.per_sequence());
    times.push_back(step.per_sequence());
  }
  const auto of_bounds = ranks(bounds);
  const auto of_times = ranks(times);
  const double mean = static_cast<double>(steps.size() - 1) / 2;
  double both = 0;
  double one = 0;
  double other = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    both += (of_bounds[i] - mean) * (of_times[i] - mean);
    one += (of_bounds[i] - mean) * (of_bounds[i] - mean);
    other += (of_times[i] - mean) * (of_times[i] - mean);
  }
  return one > 0 && other > 0 ? both / std::sqrt(one * other) : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace superpod::models
