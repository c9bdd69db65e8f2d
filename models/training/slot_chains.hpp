/// A step as chains of slots: how long it takes when pipeline ranks compute at different speeds, estimated in
/// microseconds.
#pragma once

#include <span>
#include <vector>

#include "models/training/step.hpp"
#include "sim/platform/trace.hpp"

namespace superpod::models {

/// The longest chain of slots of a step that was simulated once, with the slots' computation stretched:
///
///     end(slot) = max(end of the rank's slot before, ends of the slots that give its passes input + travel)
///                 + exchanges(slot) + factor(pipeline rank) * computation(slot)
///     step      = last end + what followed it in the simulated step
///
/// `exchanges` is what a slot took in the simulated step beyond its computation. As a maximum of sums the
/// estimate is convex in the factors, and never falls as one of them rises.
/// Assumes: exchanges and transfers take as long as they took; what is hidden behind computation stays
///          hidden.
class SlotChains {
 public:
  /// `trace`: of the plan.
  SlotChains(const TrainingWork& planned, const Trace& trace);

  /// Step time in seconds. `factors` [pipeline rank]. Cost: some nanoseconds for each slot of all pipeline
  /// ranks.
  [[nodiscard]] double step(std::span<const double> factors) const;

  /// A plane below the estimate that touches it where it was taken: at + slope * factors.
  struct Plane {
    double at = 0;
    std::vector<double> slope;  ///< [pipeline rank] computation of this rank on the longest chain
    [[nodiscard]] double step(std::span<const double> factors) const;
  };
  [[nodiscard]] Plane plane(std::span<const double> factors) const;

  [[nodiscard]] std::size_t pipeline_ranks() const { return pipeline_ranks_; }

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  struct Slot {
    std::size_t rank = 0;
    double computation = 0, exchanges = 0;
    std::size_t before = none;        // the rank's slot before
    std::vector<std::size_t> inputs;  // slots of other ranks
  };
  /// When a slot's input is there and its rank is free, and the slot that this waits for last.
  struct Ready {
    double at = 0;
    std::size_t last = none;
  };
  [[nodiscard]] Ready ready(const Slot& slot, const std::vector<double>& ends) const;
  [[nodiscard]] std::vector<double> ends(std::span<const double> factors) const;
  void link(const TrainingWork& planned);
  void sort();

  std::vector<Slot> slots_;         // as in the plan
  std::vector<std::size_t> order_;  // of evaluation: each after those that it waits for
  std::size_t pipeline_ranks_ = 0;
  double transfer_ = 0, rest_ = 0;  // s
};

}  // namespace superpod::models
