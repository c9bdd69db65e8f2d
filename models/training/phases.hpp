/// What kind of passes a training step goes through, in time.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "models/training/step.hpp"
#include "sim/platform/trace.hpp"

namespace superpod::models {

/// A step, cut into the times in which a rank works on slots of one kind, and in which it does not. They add
/// up to the step.
///
/// A slot counts from when its first task at the rank begins to when all has ended that the next slot waits
/// for: exchanges with experts or tensor-parallel ranks that nothing hides are a part of it, the wait for its
/// input is not. This is how DeepSeek reports its steps (arXiv 2505.09343, table 4: 1F, 1B, 1W, 1F1B, bubble,
/// opt).
struct Phases {
  Seconds forward;                ///< forward passes alone
  Seconds forward_with_backward;  ///< a forward and a backward pass, overlapped (dualpipe)
  Seconds backward;  ///< backward passes alone: gradients of inputs, and of weights unless these are put off
  Seconds backward_weights;  ///< gradients of weights that were put off, alone
  Seconds bubble;            ///< between slots, before the first, and until the last rank has ended its last
  Seconds gradient_reduction;  ///< what is left of it when all passes have ended
  Seconds optimizer;           ///< weights are updated and gathered

  /// [phase] name, what counts, and time.
  struct Field {
    std::string_view name, meaning;
    Seconds Phases::*time;
  };
  static const std::array<Field, 7>& fields();
};

/// [slot of the plan][its rank classes] from the start of the first task of the rank to the end of the slot.
/// `plan` is what ran: that of `planned`.
std::vector<std::vector<Span>> slot_times(const TrainingWork& planned, const Work& plan, const Trace& trace);

/// [rank class]
std::vector<Phases> phases_of_ranks(const TrainingWork& planned, const Work& plan, const Trace& trace);

/// Mean over ranks.
Phases phases(const TrainingWork& planned, const Work& plan, const Trace& trace);

}  // namespace superpod::models
