/// In which order each pipeline rank works on its microbatches.
///
/// A microbatch passes forward through all stages and back. Each rank holds one or more *chunks* of the
/// model, one stage each, and works through a list of *slots*. A slot holds one pass, or a forward and a
/// backward pass of different microbatches whose communication and computation overlap.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace superpod::models {

enum class Schedule {
  gpipe,        ///< all forward, then all backward (Huang et al., "GPipe", NeurIPS 2019)
  one_f_one_b,  ///< one forward, one backward in turn (Narayanan et al., "PipeDream", SOSP 2019)
  interleaved,  ///< 1F1B over several chunks a rank (Narayanan et al., arXiv 2104.04473, section 2.2)
  dualpipe,  ///< fed from both ends, forward and backward overlapped (DeepSeek-V3, arXiv 2412.19437, section
             ///< 3.2.1)
};

constexpr auto words(Schedule) {
  using std::pair, std::string_view;
  return std::array{pair{string_view{"gpipe"}, Schedule::gpipe},
                    pair{string_view{"1f1b"}, Schedule::one_f_one_b},
                    pair{string_view{"interleaved"}, Schedule::interleaved},
                    pair{string_view{"dualpipe"}, Schedule::dualpipe}};
}

struct ScheduledPass {
  enum class Kind {
    forward,
    backward,        ///< gradients of inputs and weights
    backward_input,  ///< gradients of inputs; those of weights follow in a pass of their own
    backward_weight,
  };
  Kind kind = Kind::forward;
  int chunk = 0;
  int microbatch = 0;
};
using Slot = std::vector<ScheduledPass>;  ///< one pass, or {forward, backward} overlapped

/// A pipeline of `ranks` ranks with `microbatches` microbatches; `chunks` a rank (interleaved only; dualpipe
/// has two).
struct Pipeline {
  Schedule schedule = Schedule::one_f_one_b;
  int ranks = 1;
  int microbatches = 1;
  int chunks = 1;

  [[nodiscard]] int stages() const { return schedule == Schedule::interleaved ? ranks * chunks : ranks; }
  [[nodiscard]] int chunks_held() const {
    return schedule == Schedule::dualpipe ? 2 : schedule == Schedule::interleaved ? chunks : 1;
  }
  [[nodiscard]] int stage(int rank, int chunk) const;
  /// Rank and chunk that run a stage for a microbatch. In a dualpipe the second half of the microbatches
  /// enters at the last rank, where a second copy of each stage lives.
  [[nodiscard]] std::pair<int, int> home(int stage, int microbatch) const;
  [[nodiscard]] bool overlaps() const { return schedule == Schedule::dualpipe; }
};

/// Why a pipeline cannot be scheduled, or nothing: dualpipe needs an even number of ranks, and an even number
/// of microbatches of at least 2 (ranks - 1); interleaved needs whole groups of `ranks` microbatches.
std::string_view flaw(const Pipeline& pipeline);

/// [rank][slot]. Throws std::invalid_argument with the flaw, if there is one.
std::vector<std::vector<Slot>> slots(const Pipeline& pipeline);

/// [moment][chunk] microbatches that a rank holds, from their forward pass until the gradients of weights are
/// done: at the moments at which no other one has more of one chunk and as much of the others.
std::vector<std::vector<int>> most_held(const std::vector<Slot>& slots_of_rank, int chunks);

/// The most that a rank holds at once when each microbatch counts `of_chunk[chunk]`, from its forward pass
/// until the gradients of weights are done: microbatches in flight with {1, 1, ...}, bytes of activations
/// with theirs.
double most_in_flight(const std::vector<Slot>& slots_of_rank, std::span<const double> of_chunk);

}  // namespace superpod::models
