/// The fastest of many choices, by simulating few of them.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "models/search/space.hpp"

namespace superpod::models {

/// What simulating a candidate in full has shown.
struct Simulated {
  Candidate candidate;
  Seconds step;
  Bytes memory, state;  ///< on the fullest NPU: of all, of the optimizer's state
  [[nodiscard]] Seconds per_sequence() const { return step / candidate.choice.batch; }
};

struct Best {
  std::vector<Simulated> steps;    ///< fastest per sequence first
  std::vector<Candidate> misfits;  ///< that don't fit once their stages are cut
  double left = 0;                 ///< candidates that were not simulated and may fit
  double pruned = 0;   ///< of these, such whose bound is above the fastest step: they cannot be better
  Seconds least_left;  ///< for a sequence: the least bound of those that might be; 0: none is left
  /// Whether no choice of the space is faster than the first.
  [[nodiscard]] bool proven() const { return left == pruned; }
  /// How much faster another choice could be at most, as a share of the fastest step.
  [[nodiscard]] double open_gap() const;
};

/// The bound with the stages as they are cut, and whether they fit.
using Refiner = std::function<StepBound(const Candidate&)>;

/// Simulates candidates, some at a time; the answer does not hang on how many run at once.
using Simulator = std::function<std::vector<Simulated>(std::span<const Candidate>)>;

struct SearchEffort {
  int simulations = 8;    ///< at most; 0: until the fastest is proven
  int round = 4;          ///< how many are chosen together
  int refinements = 150;  ///< at most, shared by kinds of pipelines; not a limit where `simulations` is none
};

/// Branch and bound. The bound of a candidate is refined when it is the least of its schedule (apart for
/// those without room for even stages, whose first bounds are weak); of refined ones those come next of which
/// the least is expected: their bound times what steps of their kind (schedule and order) took over their
/// bounds so far. A candidate whose bound is above the fastest step so far is never simulated, so that
/// without a limit the first of `steps` is the fastest of all.
Best best_of(std::vector<Candidate> candidates, const SearchEffort& effort, const Refiner& refine,
             const Simulator& simulate);

/// Spearman's rank correlation of bounds and steps per sequence; NaN of fewer than three. Ties share their
/// mean rank.
double rank_correlation(std::span<const Simulated> steps);

}  // namespace superpod::models
