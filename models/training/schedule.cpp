#include "models/training/schedule.hpp"

#include <algorithm>
#include <deque>
#include <numeric>
#include <stdexcept>
#include <string>

namespace superpod::models {
namespace {

using Kind = ScheduledPass::Kind;

std::vector<Slot> gpipe(const Pipeline& pipeline) {
  std::vector<Slot> order;
  for (int m = 0; m < pipeline.microbatches; ++m) order.push_back({{Kind::forward, 0, m}});
  for (int m = 0; m < pipeline.microbatches; ++m) order.push_back({{Kind::backward, 0, m}});
  return order;
}

/// One forward and one backward in turn, after `warm_up` forward passes.
std::vector<Slot> in_turn(const std::vector<ScheduledPass>& forward,
                          const std::vector<ScheduledPass>& backward, std::size_t warm_up) {
  std::vector<Slot> order;
  warm_up = std::min(warm_up, forward.size());
  for (std::size_t i = 0; i < warm_up; ++i) order.push_back({forward[i]});
  for (std::size_t i = 0; i < backward.size(); ++i) {
    if (warm_up + i < forward.size()) order.push_back({forward[warm_up + i]});
    order.push_back({backward[i]});
  }
  return order;
}

/// Passes in the order in which an interleaved rank takes them: groups of `ranks` microbatches, chunk after
/// chunk.
std::vector<ScheduledPass> grouped(const Pipeline& pipeline, Kind kind) {
  std::vector<ScheduledPass> order;
  for (int first = 0; first < pipeline.microbatches; first += pipeline.ranks)
    for (int c = 0; c < pipeline.chunks; ++c)
      for (int m = first; m < std::min(first + pipeline.ranks, pipeline.microbatches); ++m)
        order.push_back({kind, kind == Kind::forward ? c : pipeline.chunks - 1 - c, m});
  return order;
}

std::vector<Slot> interleaved(const Pipeline& pipeline, int rank) {
  const int warm_up = pipeline.chunks == 1
                          ? pipeline.ranks - rank - 1
                          : 2 * (pipeline.ranks - rank - 1) + (pipeline.chunks - 1) * pipeline.ranks;
  return in_turn(grouped(pipeline, Kind::forward), grouped(pipeline, Kind::backward),
                 static_cast<std::size_t>(warm_up));
}

/// Writes one rank's side of a dualpipe. `near` are the microbatches that reach this rank from its nearer
/// end, in chunk `near_chunk`; `far` the others.
class DualPipe {
 public:
  DualPipe(const Pipeline& pipeline, int rank)
      : near_chunk_{rank < pipeline.ranks / 2 ? 0 : 1}, each_way_{pipeline.microbatches / 2} {
    const int depth = std::min(rank, pipeline.ranks - 1 - rank);  // from the nearer end
    const int ahead = pipeline.ranks / 2 - depth - 1;             // ranks between this one and the middle
    const int steady = each_way_ - pipeline.ranks + depth + 1;
    const bool middle = ahead == 0;

    for (int i = 0; i < 2 * ahead; ++i) forward(near);
    for (int i = 0; i <= depth; ++i) forward(near), forward(far);
    for (int i = 0; i < ahead; ++i) backward(far, true), weights(), forward(far);
    for (int i = 0; i < steady; ++i) {
      if (i == 0 &&
          middle)  // its first backward pass is that of the forward pass just before: nothing to overlap
        forward(near), backward(far, false);
      else
        both(near, far);
      both(far, near);
    }
    for (int i = 0; i < ahead; ++i) backward(far, false), both(far, near);
    for (int i = 0; i < 2 * (depth + 1); ++i)  // weights are put off in the second half, to fill what follows
      backward(i % 2 == 0 ? far : near, i > depth);
    for (int i = 0; i < ahead; ++i) weights(), backward(near, true);
    while (!put_off_.empty()) weights();
  }

  std::vector<Slot> take() { return std::move(order_); }

 private:
  enum Direction { near, far };

  [[nodiscard]] int chunk(Direction d) const { return d == near ? near_chunk_ : 1 - near_chunk_; }

  /// Microbatches of chunk 0 enter at rank 0 and are counted first.
  ScheduledPass next(Direction d, Kind kind, std::array<int, 2>& counter) {
    const int m = counter[static_cast<std::size_t>(chunk(d))]++;
    return {kind, chunk(d), chunk(d) == 0 ? m : each_way_ + m};
  }
  void forward(Direction d) { order_.push_back({next(d, Kind::forward, forwards_)}); }
  void backward(Direction d, bool put_off_weights) {
    const ScheduledPass pass = next(d, put_off_weights ? Kind::backward_input : Kind::backward, backwards_);
    if (put_off_weights) put_off_.push_back({Kind::backward_weight, pass.chunk, pass.microbatch});
    order_.push_back({pass});
  }
  void both(Direction ahead, Direction back) {
    const ScheduledPass first = next(ahead, Kind::forward, forwards_);
    order_.push_back({first, next(back, Kind::backward, backwards_)});
  }
  void weights() {
    order_.push_back({put_off_.front()});
    put_off_.pop_front();
  }

  int near_chunk_;
  int each_way_;
  std::array<int, 2> forwards_{}, backwards_{};  // [chunk] passes so far
  std::deque<ScheduledPass> put_off_;
  std::vector<Slot> order_;
};

}  // namespace

int Pipeline::stage(int rank, int chunk) const {
  if (schedule == Schedule::dualpipe) return chunk == 0 ? rank : ranks - 1 - rank;
  return chunk * ranks + rank;
}

std::pair<int, int> Pipeline::home(int stage, int microbatch) const {
  if (schedule != Schedule::dualpipe) return {stage % ranks, stage / ranks};
  return microbatch < microbatches / 2 ? std::pair{stage, 0} : std::pair{ranks - 1 - stage, 1};
}

std::string_view flaw(const Pipeline& pipeline) {
  if (pipeline.schedule == Schedule::dualpipe) {
    if (pipeline.ranks % 2 != 0) return "dualpipe needs an even number of pipeline ranks";
    if (pipeline.microbatches % 2 != 0) return "dualpipe needs an even number of microbatches";
    if (pipeline.microbatches < 2 * (pipeline.ranks - 1))
      return "dualpipe needs at least 2 (pipeline - 1) microbatches";
  }
  if (pipeline.schedule == Schedule::interleaved && pipeline.microbatches % pipeline.ranks != 0)
    return "interleaved needs a number of microbatches that is a multiple of the pipeline ranks";
  return {};
}

std::vector<std::vector<Slot>> slots(const Pipeline& pipeline) {
  if (const auto found = flaw(pipeline); !found.empty()) throw std::invalid_argument{std::string{found}};
  std::vector<std::vector<Slot>> result;
  for (int rank = 0; rank < pipeline.ranks; ++rank) switch (pipeline.schedule) {
      case Schedule::gpipe:
        result.push_back(gpipe(pipeline));
        break;
      case Schedule::one_f_one_b: {
        Pipeline one_chunk = pipeline;
        one_chunk.chunks = 1;
        result.push_back(interleaved(one_chunk, rank));
        break;
      }
      case Schedule::interleaved:
        result.push_back(interleaved(pipeline, rank));
        break;
      case Schedule::dualpipe:
        result.push_back(DualPipe{pipeline, rank}.take());
        break;
    }
  return result;
}

std::vector<std::vector<int>> most_held(const std::vector<Slot>& slots_of_rank, int chunks) {
  std::vector<int> held(static_cast<std::size_t>(chunks));
  std::vector<std::vector<int>> most;
  const auto covers = [](const std::vector<int>& more, const std::vector<int>& less) {
    return std::ranges::equal(more, less, [](int a, int b) { return a >= b; });
  };
  for (const Slot& slot : slots_of_rank)
    for (const ScheduledPass& pass : slot) {
      int& here = held[static_cast<std::size_t>(pass.chunk)];
      if (pass.kind == Kind::backward || pass.kind == Kind::backward_weight) --here;
      if (pass.kind != Kind::forward) continue;
      ++here;
      if (std::ranges::any_of(most, [&](const auto& other) { return covers(other, held); })) continue;
      std::erase_if(most, [&](const auto& other) { return covers(held, other); });
      most.push_back(held);
    }
  return most;
}

double most_in_flight(const std::vector<Slot>& slots_of_rank, std::span<const double> of_chunk) {
  double most = 0;
  for (const auto& held : most_held(slots_of_rank, static_cast<int>(of_chunk.size())))
    most = std::max(most, std::inner_product(held.begin(), held.end(), of_chunk.begin(), 0.0));
  return most;
}

}  // namespace superpod::models
