#include "models/search/best.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

namespace superpod::models {
namespace {

constexpr int unlimited = std::numeric_limits<int>::max();

using MappingKind = std::pair<Schedule, std::vector<Dimension>>;

MappingKind kind_of(const MappingChoice& choice) { return {choice.schedule, choice.parallel.order}; }

/// What steps took over their bounds, by kind of choice; of a kind that was not seen, as all that were.
class Gaps {
 public:
  void add(const Simulated& seen) {
    for (Mean* mean : {&all_, &of_kind_[kind_of(seen.candidate.choice)]}) {
      mean->sum += seen.step / seen.candidate.bound.step;
      ++mean->count;
    }
  }
  [[nodiscard]] double of(const MappingChoice& choice) const {
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
  std::map<MappingKind, Mean> of_kind_;
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
  if (steps.empty() || proven() || least_left == Seconds{}) return 0;
  return std::max(0.0, 1 - least_left / steps.front().per_sequence());
}

namespace {

/// The candidates of one schedule that have room for even stages, or of those that don't.
class Queue {
 public:
  explicit Queue(int refinements) : budget_{refinements} {}

  void add(const Candidate& candidate) { rough_.push_back(candidate); }
  void sort() { std::ranges::stable_sort(rough_, {}, &Candidate::per_sequence); }

  /// Refines until the least bound is a refined one, or the budget is used up; what does not fit goes to
  /// `misfits`.
  void refine(const Refiner& refine, Seconds fastest, std::vector<Candidate>& misfits) {
    while (budget_ > 0 && next_ < rough_.size() && rough_[next_].per_sequence() < fastest &&
           (refined_.empty() || rough_[next_].per_sequence() < refined_.begin()->first)) {
      Candidate candidate = rough_[next_++];
      --budget_;
      const StepBound bound = refine(candidate);
      candidate.bound.memory = bound.memory;
      if (!bound.fits) {
        misfits.push_back(candidate);
        continue;
      }
      candidate.bound.step = std::max(candidate.bound.step, bound.step);
      (is_twin(candidate) ? twins_ : refined_).emplace(candidate.per_sequence(), candidate);
    }
  }
  /// Adds refined candidates that may be the fastest: the least of them, at most `most`.
  void offer(std::size_t most, Seconds fastest, std::vector<Candidate>& to) const {
    for (auto at = refined_.begin(); at != refined_.end() && most > 0 && at->first < fastest; ++at, --most)
      to.push_back(at->second);
  }
  void take(const Candidate& candidate) {
    auto [at, end] = refined_.equal_range(candidate.per_sequence());
    while (at != end && !(at->second.choice == candidate.choice)) ++at;
    if (at != end) refined_.erase(at);
  }
  /// Counts what was not simulated.
  void close(Seconds fastest, Best& best) const {
    const auto count = [&](const Candidate& candidate) {
      ++best.left;
      if (candidate.per_sequence() >= fastest)
        ++best.pruned;
      else if (best.least_left == Seconds{} || candidate.per_sequence() < best.least_left)
        best.least_left = candidate.per_sequence();
    };
    for (std::size_t i = next_; i < rough_.size(); ++i) count(rough_[i]);
    for (const auto* left : {&refined_, &twins_})
      for (const auto& [bound, candidate] : *left) count(candidate);
  }
  /// Twins come last: when nothing else is left, and nothing limits the search.
  void offer_twins() {
    refined_.merge(twins_);
    twins_are_left_out_ = false;
  }

 private:
  /// Laid in another order only, and to the same bound: most often the same by a symmetry of the fabric.
  [[nodiscard]] bool is_twin(const Candidate& candidate) {
    MappingChoice plain = candidate.choice;
    plain.parallel.order.clear();
    const auto bound = static_cast<float>(candidate.per_sequence().in(unit::s));  // but for rounding
    const auto [from, to] = seen_.equal_range(bound);
    for (auto at = from; at != to; ++at)
      if (at->second == plain) return twins_are_left_out_;
    seen_.emplace(bound, plain);
    return false;
  }

  std::vector<Candidate> rough_;
  std::size_t next_ = 0;
  std::multimap<Seconds, Candidate> refined_, twins_;  // by bound per sequence
  std::multimap<float, MappingChoice> seen_;           // refined so far, without their orders
  bool twins_are_left_out_ = true;
  int budget_;
};

/// A queue for each schedule, apart for candidates that have room for even stages.
class Queues {
 public:
  Queues(const std::vector<Candidate>& candidates, const SearchEffort& effort) {
    for (const Candidate& candidate : candidates) of_kind_.try_emplace(kind_of(candidate), 0);
    const int share = effort.simulations > 0 && !of_kind_.empty()
                          ? effort.refinements / static_cast<int>(of_kind_.size())
                          : unlimited;
    for (auto& [kind, queue] : of_kind_) queue = Queue{share};
    for (const Candidate& candidate : candidates) of_kind_.at(kind_of(candidate)).add(candidate);
    for (auto& [kind, queue] : of_kind_) queue.sort();
  }

  /// At most so many candidates, of those that may be faster than the fastest step so far.
  struct Wanted {
    std::size_t most;
    Seconds fastest;
  };
  /// Those that are expected to be the fastest; what turns out not to fit goes to `misfits`.
  std::vector<Candidate> chosen(const Wanted& wanted, const Gaps& gaps, const Refiner& refine,
                                std::vector<Candidate>& misfits) {
    const auto& [most, fastest] = wanted;
    std::vector<Candidate> chosen;
    for (auto& [kind, queue] : of_kind_) {
      queue.refine(refine, fastest, misfits);
      queue.offer(most, fastest, chosen);
    }
    std::ranges::stable_sort(chosen, {}, [&](const Candidate& candidate) {
      return candidate.per_sequence() * gaps.of(candidate.choice);
    });
    chosen.resize(std::min(chosen.size(), most));
    for (const Candidate& candidate : chosen) of_kind_.at(kind_of(candidate)).take(candidate);
    return chosen;
  }
  void offer_twins() {
    for (auto& [kind, queue] : of_kind_) queue.offer_twins();
  }
  void close(Seconds fastest, Best& best) const {
    for (const auto& [kind, queue] : of_kind_) queue.close(fastest, best);
  }

 private:
  using OfKind = std::pair<Schedule, bool>;
  static OfKind kind_of(const Candidate& candidate) {
    return {candidate.choice.schedule, candidate.bound.roomy};
  }
  std::map<OfKind, Queue> of_kind_;
};

}  // namespace

Best best_of(std::vector<Candidate> candidates, const SearchEffort& effort, const Refiner& refine,
             const Simulator& simulate) {
  Queues queues{candidates, effort};
  Best best;
  Gaps gaps;
  bool twins_left = true;
  Seconds fastest{std::numeric_limits<double>::infinity()};
  int left_to_simulate = effort.simulations > 0 ? effort.simulations : unlimited;
  while (left_to_simulate > 0) {
    const auto round = static_cast<std::size_t>(std::min(effort.round, left_to_simulate));
    const auto chosen = queues.chosen({round, fastest}, gaps, refine, best.misfits);
    if (chosen.empty()) {
      if (effort.simulations > 0 || !twins_left) break;
      queues.offer_twins();
      twins_left = false;
      continue;
    }
    left_to_simulate -= static_cast<int>(chosen.size());
    for (Simulated& seen : simulate(chosen)) {
      gaps.add(seen);
      fastest = std::min(fastest, seen.per_sequence());
      best.steps.push_back(std::move(seen));
    }
  }
  queues.close(fastest, best);
  std::ranges::stable_sort(best.steps, {}, &Simulated::per_sequence);
  return best;
}

double rank_correlation(std::span<const Simulated> steps) {
  if (steps.size() < 3) return std::numeric_limits<double>::quiet_NaN();
  std::vector<double> bounds;
  std::vector<double> times;
  for (const Simulated& step : steps) {
    bounds.push_back(step.candidate.per_sequence().in(unit::s));
    times.push_back(step.per_sequence().in(unit::s));
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
