#include "models/search/slot_bound.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>
#include <stdexcept>

#include "sim/values/index.hpp"

namespace superpod::models {
namespace {

using Kind = ScheduledPass::Kind;

constexpr Seconds not_yet{-1};

/// Of one pass over a stage.
struct PassTime {
  Seconds kernels;
  Seconds chain;  ///< to its last exchange
};

/// Runs through the slots of all ranks.
class Slots {
 public:
  Slots(const Pipeline& pipe, const std::vector<int>& counts, const LayerSums& sums,
        const UpdateBounds& update)
      : pipe_{pipe}, sums_{sums}, update_{update}, order_{slots(pipe)}, ends_(counts.size()) {
    std::partial_sum(counts.begin(), counts.end(), ends_.begin());
    const std::size_t passes = counts.size() * index(pipe.microbatches);
    forward_.assign(passes, not_yet);
    backward_.assign(passes, not_yet);
    next_.resize(index(pipe.ranks));
    free_.resize(index(pipe.ranks));
    last_weights_.resize(counts.size() * 2);
  }

  Seconds whole() {
    for (bool moved = true; moved;) {
      moved = false;
      for (int rank = 0; rank < pipe_.ranks; ++rank)
        while (next_[index(rank)] < order_[index(rank)].size() && advance(rank)) moved = true;
    }
    for (int rank = 0; rank < pipe_.ranks; ++rank)
      if (next_[index(rank)] < order_[index(rank)].size())
        throw std::logic_error{"slot bound: slots wait for each other in a circle"};
    return gradients() + update();
  }

 private:
  [[nodiscard]] int first(int stage) const { return stage > 0 ? ends_[index(stage - 1)] : 0; }
  [[nodiscard]] Seconds of_stage(const std::vector<Seconds>& sums, int stage) const {
    return of_run(sums, first(stage), ends_[index(stage)]);
  }
  [[nodiscard]] Seconds of_layers(const std::vector<Seconds>& of_layer, int stage) const {
    return over(of_layer, first(stage), ends_[index(stage)]);
  }

  [[nodiscard]] PassTime time_of(const ScheduledPass& pass, int stage, bool overlapped) const {
    const Seconds forward = of_stage(sums_.forward_kernels, stage);
    switch (pass.kind) {
      case Kind::forward:
        return {forward, of_stage(sums_.forward, stage)};
      case Kind::backward:
        if (!overlapped) return {of_stage(sums_.backward, stage), of_stage(sums_.backward_chain, stage)};
        return {of_stage(sums_.kernels, stage) - forward, of_stage(sums_.beside_chain, stage)};
      case Kind::backward_input:
        return {of_stage(sums_.kernels, stage) - forward - of_stage(sums_.weights, stage),
                of_stage(sums_.beside_chain, stage)};
      case Kind::backward_weight:
        return {of_stage(sums_.weights, stage), {}};
    }
    return {};
  }

  [[nodiscard]] Seconds& end_of(bool forward, int stage, int microbatch) {
    auto& ends = forward ? forward_ : backward_;
    return ends[index(stage) * index(pipe_.microbatches) + index(microbatch)];
  }

  /// When a pass's input is there; `not_yet` where that is not known yet.
  Seconds input(const ScheduledPass& pass, int rank, int stage) {
    if (pass.kind == Kind::backward_weight) return {};
    const bool forward = pass.kind == Kind::forward;
    if (forward && stage == 0) return {};
    const bool turns = !forward && stage == pipe_.stages() - 1;
    const int before = turns ? stage : forward ? stage - 1 : stage + 1;
    const Seconds end = end_of(forward || turns, before, pass.microbatch);
    if (end == not_yet) return not_yet;
    return end + (pipe_.home(before, pass.microbatch).first == rank ? Seconds{} : sums_.transfer);
  }

  using OfPasses = std::array<Seconds, 2>;  // of a slot

  /// When the passes of a slot may begin, if their inputs are known.
  std::optional<OfPasses> begins_of(const Slot& slot, int rank) {
    OfPasses begins{};
    for (std::size_t p = 0; p < slot.size(); ++p) {
      const Seconds there = input(slot[p], rank, pipe_.stage(rank, slot[p].chunk));
      if (there == not_yet) return std::nullopt;
      begins[p] = std::max(free_[index(rank)], there);
    }
    return begins;
  }

  /// The rank's next slot, if its inputs are known.
  bool advance(int rank) {
    const Slot& slot = order_[index(rank)][next_[index(rank)]];
    const auto begins = begins_of(slot, rank);
    if (!begins) return false;
    Seconds kernels;
    Seconds last = free_[index(rank)];
    OfPasses chain_ends{};
    for (std::size_t p = 0; p < slot.size(); ++p) {
      const int stage = pipe_.stage(rank, slot[p].chunk);
      const Seconds begin = (*begins)[p];
      const PassTime time = time_of(slot[p], stage, slot.size() > 1);
      kernels += time.kernels;
      chain_ends[p] = begin + std::max(time.chain, time.kernels);
      const Seconds unhidden = time.chain - (pipe_.overlaps() ? sums_.trailing : Seconds{});
      last = std::max(last, begin + std::max(time.kernels, unhidden));
      if (slot[p].kind == Kind::backward || slot[p].kind == Kind::backward_weight)
        last_weights_[index(stage) * 2 + (rank == pipe_.home(stage, 0).first ? 0 : 1)] = begin;
    }
    const Seconds first_begin = slot.size() > 1 ? std::min((*begins)[0], (*begins)[1]) : (*begins)[0];
    last = std::max(last, first_begin + kernels);
    for (std::size_t p = 0; p < slot.size(); ++p)
      if (slot[p].kind != Kind::backward_weight)
        end_of(slot[p].kind == Kind::forward, pipe_.stage(rank, slot[p].chunk), slot[p].microbatch) =
            std::max(chain_ends[p], last);
    free_[index(rank)] = last;
    ++next_[index(rank)];
    return true;
  }

  /// Until all ranks have their gradients, reduced: after the last pass that makes some.
  [[nodiscard]] Seconds gradients() const {
    Seconds last = *std::ranges::max_element(free_);
    for (std::size_t stage = 0; stage < ends_.size(); ++stage)
      for (std::size_t home = 0; home < 2; ++home)
        if (last_weights_[2 * stage + home] > Seconds{})
          last = std::max(
              last, last_weights_[2 * stage + home] + of_layers(update_.reduce, static_cast<int>(stage)));
    return last;
  }

  [[nodiscard]] Seconds update() const {
    Seconds most;
    for (int rank = 0; rank < pipe_.ranks; ++rank) {
      Seconds optimizer, gather;
      for (int chunk = 0; chunk < pipe_.chunks_held(); ++chunk) {
        optimizer += of_layers(update_.optimizer, pipe_.stage(rank, chunk));
        gather += of_layers(update_.gather, pipe_.stage(rank, chunk));
      }
      most = std::max({most, optimizer, gather});
    }
    return most;
  }

  const Pipeline& pipe_;
  const LayerSums& sums_;
  const UpdateBounds& update_;
  std::vector<std::vector<Slot>> order_;
  std::vector<int> ends_;                    // [stage] layer after its last
  std::vector<Seconds> forward_, backward_;  // [stage][microbatch] ends
  std::vector<std::size_t> next_;            // [rank] slot
  std::vector<Seconds> free_;                // [rank] end of its last slot
  std::vector<Seconds> last_weights_;  // [stage][home] begin of the last pass that makes gradients of weights
};

}  // namespace

Seconds slot_bound(const Pipeline& pipe, const std::vector<int>& counts, const LayerSums& sums,
                   const UpdateBounds& update) {
  return Slots{pipe, counts, sums, update}.whole();
}

}  // namespace superpod::models
