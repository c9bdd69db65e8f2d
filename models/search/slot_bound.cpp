#include "models/search/slot_bound.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <stdexcept>

#include "sim/values/index.hpp"

namespace superpod::models {
namespace {

using Kind = ScheduledPass::Kind;

constexpr double not_yet = -1;

/// Of one pass over a stage: s.
struct PassTime {
  double kernels = 0;
  double chain = 0;  ///< to its last exchange
};

/// Runs through the slots of all ranks.
class Slots {
 public:
  Slots(const Pipeline& pipe, const std::vector<int>& counts, const LayerSums& sums,
        const Geometry::Update& update)
      : pipe_{pipe}, sums_{sums}, update_{update}, order_{slots(pipe)}, ends_(counts.size()) {
    std::partial_sum(counts.begin(), counts.end(), ends_.begin());
    const std::size_t passes = counts.size() * index(pipe.microbatches);
    forward_.assign(passes, not_yet);
    backward_.assign(passes, not_yet);
    next_.resize(index(pipe.ranks));
    free_.resize(index(pipe.ranks));
    last_weights_.resize(counts.size() * 2);
  }

  double whole() {
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
  [[nodiscard]] double between(const std::vector<double>& sums, int stage) const {
    return sums[index(ends_[index(stage)])] - sums[index(first(stage))];
  }
  [[nodiscard]] double over(const std::vector<double>& of_layer, int stage) const {
    return std::accumulate(of_layer.begin() + first(stage), of_layer.begin() + ends_[index(stage)], 0.0);
  }

  [[nodiscard]] PassTime time_of(const ScheduledPass& pass, int stage, bool overlapped) const {
    const double forward = between(sums_.forward_kernels, stage);
    switch (pass.kind) {
      case Kind::forward:
        return {forward, between(sums_.forward, stage)};
      case Kind::backward:
        if (!overlapped) return {between(sums_.backward, stage), between(sums_.backward_chain, stage)};
        return {between(sums_.kernels, stage) - forward, between(sums_.beside_chain, stage)};
      case Kind::backward_input:
        return {between(sums_.kernels, stage) - forward - between(sums_.weights, stage),
                between(sums_.beside_chain, stage)};
      case Kind::backward_weight:
        return {between(sums_.weights, stage), 0};
    }
    return {};
  }

  [[nodiscard]] double& end_of(bool forward, int stage, int microbatch) {
    auto& ends = forward ? forward_ : backward_;
    return ends[index(stage) * index(pipe_.microbatches) + index(microbatch)];
  }

  /// When a pass's input is there; `not_yet` where that is not known yet.
  double input(const ScheduledPass& pass, int rank, int stage) {
    if (pass.kind == Kind::backward_weight) return 0;
    const bool forward = pass.kind == Kind::forward;
    if (forward && stage == 0) return 0;
    const bool turns = !forward && stage == pipe_.stages() - 1;
    const int before = turns ? stage : forward ? stage - 1 : stage + 1;
    const double end = end_of(forward || turns, before, pass.microbatch);
    if (end == not_yet) return not_yet;
    return end + (pipe_.home(before, pass.microbatch).first == rank ? 0 : sums_.transfer);
  }

  /// The rank's next slot, if its inputs are known.
  bool advance(int rank) {
    const Slot& slot = order_[index(rank)][next_[index(rank)]];
    const double free = free_[index(rank)];
    double kernels = 0;
    double last = free;
    std::array<double, 2> begins{};
    for (std::size_t p = 0; p < slot.size(); ++p) {
      const double there = input(slot[p], rank, pipe_.stage(rank, slot[p].chunk));
      if (there == not_yet) return false;
      begins[p] = std::max(free, there);
    }
    std::array<double, 2> chain_ends{};
    for (std::size_t p = 0; p < slot.size(); ++p) {
      const int stage = pipe_.stage(rank, slot[p].chunk);
      const PassTime time = time_of(slot[p], stage, slot.size() > 1);
      kernels += time.kernels;
      chain_ends[p] = begins[p] + std::max(time.chain, time.kernels);
      const double waited_for =
          begins[p] + std::max(time.kernels, time.chain - (pipe_.overlaps() ? sums_.trailing : 0));
      last = std::max(last, waited_for);
      if (slot[p].kind == Kind::backward || slot[p].kind == Kind::backward_weight)
        last_weights_[index(stage) * 2 + (rank == pipe_.home(stage, 0).first ? 0 : 1)] = begins[p];
    }
    const double first_begin = slot.size() > 1 ? std::min(begins[0], begins[1]) : begins[0];
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
  [[nodiscard]] double gradients() const {
    double last = *std::ranges::max_element(free_);
    for (std::size_t stage = 0; stage < ends_.size(); ++stage)
      for (std::size_t home = 0; home < 2; ++home)
        if (last_weights_[2 * stage + home] > 0)
          last =
              std::max(last, last_weights_[2 * stage + home] + over(update_.reduce, static_cast<int>(stage)));
    return last;
  }

  [[nodiscard]] double update() const {
    double most = 0;
    for (int rank = 0; rank < pipe_.ranks; ++rank) {
      double optimizer = 0;
      double gather = 0;
      for (int chunk = 0; chunk < pipe_.chunks_held(); ++chunk) {
        optimizer += over(update_.optimizer, pipe_.stage(rank, chunk));
        gather += over(update_.gather, pipe_.stage(rank, chunk));
      }
      most = std::max({most, optimizer, gather});
    }
    return most;
  }

  const Pipeline& pipe_;
  const LayerSums& sums_;
  const Geometry::Update& update_;
  std::vector<std::vector<Slot>> order_;
  std::vector<int> ends_;                   // [stage] layer after its last
  std::vector<double> forward_, backward_;  // [stage][microbatch] ends
  std::vector<std::size_t> next_;           // [rank] slot
  std::vector<double> free_;                // [rank] end of its last slot
  std::vector<double> last_weights_;  // [stage][home] begin of the last pass that makes gradients of weights
};

}  // namespace

double slot_bound(const Pipeline& pipe, const std::vector<int>& counts, const LayerSums& sums,
                  const Geometry::Update& update) {
  return Slots{pipe, counts, sums, update}.whole();
}

}  // namespace superpod::models
