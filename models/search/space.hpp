/// Which mappings of a training step a search looks at.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "models/search/step_bound.hpp"

namespace superpod::models {

/// Lists of what each choice may be; what is left out stands for all that the model and the system allow.
struct Space {
  std::optional<std::vector<int>> tensor, context, expert, pipeline, virtual_stages, microbatch, zero;
  std::optional<std::vector<Schedule>> schedule;
  std::optional<std::vector<Recompute>> recompute;
  std::vector<std::vector<Dimension>> orders;

  static constexpr std::string_view kind = "space";
  static constexpr auto fields() {
    return std::tuple{
        optional("tensor", &Space::tensor, "default: the divisors of the heads up to 16", between(1, 8192)),
        optional("context", &Space::context, "default: 1", between(1, 8192)),
        optional("expert", &Space::expert, "default: the divisors of the number of experts",
                 between(1, most_experts)),
        optional("pipeline", &Space::pipeline, "default: all up to 64 that divide the NPUs",
                 between(1, 4096)),
        optional("virtual_stages", &Space::virtual_stages, "of interleaved; default: 2, 3, 4",
                 between(1, most_layers)),
        optional("microbatch", &Space::microbatch, "sequences; default: 1, 2, 4", between(1, 65536)),
        optional("zero", &Space::zero, "default: 0, 1", Range{.low = 0, .high = 1}),
        optional("schedule", &Space::schedule, "default: 1f1b, interleaved, dualpipe"),
        optional("recompute", &Space::recompute, "default: none, selective, full"),
        optional("orders", &Space::orders,
                 "each as in `parallel.order`; default: experts innermost or pipelines, data outermost or "
                 "pipelines, data on both sides of pipelines")};
  }
};

/// The orders of a space, or the default ones.
std::vector<std::vector<Dimension>> orders_of(const Space& space);

/// Sequences of a step: as near to `batch` as whole microbatches allow, at most the share `tolerance` off.
struct BatchGoal {
  int batch = 0;
  double tolerance = 0;
};

/// A choice with its bound.
struct Candidate {
  MappingChoice choice;
  StepBound bound;
  [[nodiscard]] Seconds per_sequence() const { return bound.step / choice.batch; }
};

/// Why so many choices are out.
struct Rejection {
  std::string stage;  ///< `shape` or `memory`
  std::string reason;
  double count = 0;
  MappingChoice example;
};

struct Searched {
  std::vector<Candidate> candidates;  ///< that may fit, in the order of the walk
  double choices = 0;                 ///< that have been bounded, those that don't fit included
  std::vector<Rejection> rejections;
};

/// Bounds every choice of the space whose batch comes out within the goal.
/// Cost: some microseconds a choice.
Searched search(StepBounds& bounds, const Space& space, const BatchGoal& goal);

/// `TP2 PP16 EP64 DP32 ZeRO-1, DualPipe, 1 sequence, selective recomputation`.
std::string words(const MappingChoice& choice, double npus);

}  // namespace superpod::models
