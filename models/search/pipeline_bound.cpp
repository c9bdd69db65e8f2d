#include "models/search/pipeline_bound.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "sim/values/index.hpp"

namespace superpod::models {
namespace {

/// Of a pipeline rank that holds one run of layers for each chunk.
class Load {
 public:
  explicit Load(const PipelineCase& work) : work_{work} {}

  /// Of a rank that holds these layers in its chunk.
  [[nodiscard]] Bytes memory(int rank, int chunk, int first, int end) const {
    const int held = work_.held[index(rank)][index(chunk)];
    return of_run(work_.sums.lasting, first, end) + over(work_.update.state, first, end) +
           held * of_run(work_.sums.activations, first, end);
  }
  [[nodiscard]] Bytes again(int first, int end) const {
    return *std::max_element(work_.sums.again.begin() + first, work_.sums.again.begin() + end);
  }
  [[nodiscard]] Seconds forward(int first, int end) const { return of_run(work_.sums.forward, first, end); }
  [[nodiscard]] Seconds backward(int first, int end) const {
    return std::max(of_run(work_.sums.backward, first, end), of_run(work_.sums.backward_chain, first, end));
  }
  /// After all gradients are there.
  [[nodiscard]] Seconds update(int first, int end) const {
    return std::max(over(work_.update.optimizer, first, end), over(work_.update.gather, first, end));
  }

 private:
  const PipelineCase& work_;
};

std::vector<int> ends_of(const std::vector<int>& counts) {
  std::vector<int> ends(counts.size());
  std::partial_sum(counts.begin(), counts.end(), ends.begin());
  return ends;
}

/// The fullest rank of a cut.
Bytes memory_of_cut(const PipelineCase& work, const std::vector<int>& ends) {
  const Load load{work};
  Bytes most;
  for (int rank = 0; rank < work.pipe.ranks; ++rank) {
    Bytes sum, again;
    for (int chunk = 0; chunk < work.pipe.chunks_held(); ++chunk) {
      const int stage = work.pipe.stage(rank, chunk);
      const int first = stage > 0 ? ends[index(stage - 1)] : 0;
      sum += load.memory(rank, chunk, first, ends[index(stage)]);
      again = std::max(again, load.again(first, ends[index(stage)]));
    }
    most = std::max(most, sum + again);
  }
  return most + (work.pipe.overlaps() ? 2 : 1) * work.sums.buffers;
}

/// Whether some cut of the layers gives every rank at most the capacity: rank after rank takes as much as it
/// has room for.
bool some_cut_fits(const PipelineCase& work) {
  const Load load{work};
  const int layers = static_cast<int>(work.sums.again.size());
  int first = 0;
  for (int rank = 0; rank < work.pipe.ranks && first < layers; ++rank) {
    const int most = layers - (work.pipe.ranks - 1 - rank);  // the ranks after it need one each
    int end = first;
    while (end < most &&
           load.memory(rank, 0, first, end + 1) + load.again(first, end + 1) + work.sums.buffers <=
               work.capacity)
      ++end;
    if (end == first) return false;
    first = end;
  }
  return first == layers;
}

/// Of one pipeline rank on a cut that is known.
struct RankTimes {
  Seconds slots;      ///< of one microbatch
  Seconds reduction;  ///< of gradients, beyond the last backward pass
  Seconds update;
};

RankTimes times_of_rank(const PipelineCase& work, const std::vector<int>& ends, int rank) {
  const Load load{work};
  RankTimes times;
  for (int chunk = 0; chunk < work.pipe.chunks_held(); ++chunk) {
    const int stage = work.pipe.stage(rank, chunk);
    const int first = stage > 0 ? ends[index(stage - 1)] : 0;
    const int end = ends[index(stage)];
    times.slots += load.forward(first, end) + load.backward(first, end);
    times.update += load.update(first, end);
    if (work.pipe.chunks_held() == 1)  // only after the last microbatch of all
      times.reduction = std::max(Seconds{}, over(work.update.reduce, first, end) - load.backward(first, end));
  }
  return times;
}

/// Until all gradients are there, and the weights are updated, on a cut that is known.
Seconds time_of_cut(const PipelineCase& work, const std::vector<int>& ends) {
  const Load load{work};
  const int microbatches = work.pipe.microbatches;
  Seconds gradients, update;
  Seconds before;  // the first microbatch on its way to the rank, and the last one's gradients on theirs back
  for (int rank = 0; rank < work.pipe.ranks; ++rank) {
    const RankTimes times = times_of_rank(work, ends, rank);
    const int first = rank > 0 ? ends[index(rank - 1)] : 0;
    const Seconds end_of_slots = before + microbatches * times.slots;
    Seconds forward_only;  // the way back does not hold up the reduction
    if (times.reduction > Seconds{})
      forward_only = load.forward(0, first) + rank * work.sums.transfer + microbatches * times.slots;
    gradients = std::max({gradients, end_of_slots, forward_only + times.reduction});
    update = std::max(update, times.update);
    before += load.forward(first, ends[index(rank)]) + load.backward(first, ends[index(rank)]) +
              2 * work.sums.transfer;
  }
  return gradients + update;
}

/// The least over all cuts of  max over r of [ before(r) + M load(r) ], by bisection: a rank may take layers
/// until it would take longer than the limit, and to take all that it may is best for those after it.
Seconds least_of_any_cut(const PipelineCase& work) {
  const LayerSums& sums = work.sums;
  const std::vector<Seconds>& backward =
      sums.backward.back() > sums.backward_chain.back() ? sums.backward : sums.backward_chain;
  const int layers = static_cast<int>(sums.again.size());
  const double m = work.pipe.microbatches;
  const auto load = [&](int layer) { return sums.forward[index(layer)] + backward[index(layer)]; };
  const auto possible = [&](Seconds limit) {
    int first = 0;
    for (int rank = 0; rank < work.pipe.ranks; ++rank) {
      const Seconds before = load(first) + 2 * rank * sums.transfer;
      int end = first;
      while (end < layers && before + m * (load(end + 1) - load(first)) <= limit) ++end;
      first = end;
    }
    return first == layers;
  };
  Seconds low = m * load(layers) / work.pipe.ranks;
  Seconds high = (m + 1) * load(layers) + 2 * work.pipe.ranks * sums.transfer;
  if (possible(low)) return low;
  while (high - low > 1e-4 * high) {
    const Seconds middle = (low + high) / 2;
    (possible(middle) ? high : low) = middle;
  }
  return low;
}

Seconds least_update(const PipelineCase& work, double homes) {
  const int layers = static_cast<int>(work.sums.again.size());
  return homes / work.pipe.ranks * Load{work}.update(0, layers);
}

/// The layers that are most frequent: the place of the first, and how many there are.
std::pair<int, int> most_frequent(const PipelineCase& work) {
  const LayerSums& sums = work.sums;
  const int layers = static_cast<int>(sums.again.size());
  const auto alike = [&](int a, int b) {
    return of_run(sums.kernels, a, a + 1) == of_run(sums.kernels, b, b + 1) &&
           of_run(sums.lasting, a, a + 1) == of_run(sums.lasting, b, b + 1);
  };
  std::pair most{0, 0};
  for (int l = 0; l < layers && 2 * most.second <= layers; ++l) {
    int times = 0;
    for (int other = l; other < layers; ++other) times += alike(l, other);
    if (times > most.second) most = {l, times};
  }
  return most;
}

/// Whether the pairs of ranks of a dualpipe may have room for all layers of the most frequent kind: each
/// takes as many as it can hold when all but one are in the stage of which it keeps fewer microbatches.
bool pairs_have_room(const PipelineCase& work) {
  const auto [layer, times] = most_frequent(work);
  const Bytes lasting = of_run(work.sums.lasting, layer, layer + 1) + work.update.state[index(layer)];
  const Bytes activations = of_run(work.sums.activations, layer, layer + 1);
  double room = 0;
  for (int rank = 0; rank < work.pipe.ranks / 2; ++rank) {
    const auto [fewer, more] = std::minmax(work.held[index(rank)][0], work.held[index(rank)][1]);
    const Bytes free = work.capacity - 2 * work.sums.buffers;
    const Bytes one = lasting + more * activations;  // in the other stage
    const Bytes each = lasting + fewer * activations;
    room += std::max(std::floor(free / each), free >= one ? 1 + std::floor((free - one) / each) : 0.0);
  }
  return room >= times;
}

/// Whatever the cut, the fullest of `parts` parts has at least the mean, and of the most frequent value at
/// least its share, rounded up.
Seconds fullest_part(const std::vector<Seconds>& sums, int parts) {
  Seconds most;
  int times = 0;
  for (std::size_t l = 0; l + 1 < sums.size(); ++l) {
    const Seconds value = sums[l + 1] - sums[l];
    const auto alike = [&](std::size_t other) {
      const Seconds off = sums[other + 1] - sums[other] - value;
      return std::max(off, -1 * off) <= 1e-9 * value;
    };
    int count = 0;
    for (std::size_t other = l; other + 1 < sums.size(); ++other) count += alike(other);
    if (count > times) times = count, most = value;
    if (2 * times > static_cast<int>(sums.size())) break;
  }
  const Seconds whole = most * std::ceil(static_cast<double>(times) / parts);
  return std::max(sums.back() / parts, whole);
}

}  // namespace

StepBound bound_in_turn(const PipelineCase& work, const std::vector<int>& fastest_cut) {
  const std::vector<int> ends = ends_of(fastest_cut);
  const Bytes needed = memory_of_cut(work, ends);
  if (needed <= work.capacity) return {time_of_cut(work, ends), needed, true, true};
  if (work.pipe.schedule == Schedule::interleaved || !some_cut_fits(work))
    return {Seconds{}, needed, false, false};
  return {least_of_any_cut(work) + least_update(work, 1), needed, true, false};
}

StepBound bound_of_dualpipe(const PipelineCase& work, const std::vector<int>& even_cut) {
  const LayerSums& sums = work.sums;
  const int pairs = work.pipe.ranks / 2;
  const double m = work.pipe.microbatches;
  const int layers = static_cast<int>(sums.again.size());

  const Bytes states = over(work.update.state, 0, layers);
  const Bytes needed = (sums.lasting.back() + states + sums.activations.back()) / pairs + 2 * sums.buffers;
  if (needed > work.capacity || !pairs_have_room(work)) return {Seconds{}, needed, false, false};

  // Of two slots, each a forward and a backward pass over the two stages of a rank; chains without their last
  // exchange.
  const Seconds slots = std::max(
      {fullest_part(sums.kernels, pairs), fullest_part(sums.forward_chain, pairs) - 2 * sums.trailing,
       fullest_part(sums.beside_chain, pairs) - 2 * sums.trailing, fullest_part(sums.links, pairs)});
  // A rank waits until a microbatch has passed those nearer to an end, each of which holds a layer at least.
  Seconds ramps;
  for (int depth = 1; depth < pairs; ++depth)
    ramps +=
        std::min(sums.forward_kernels[index(depth)], of_run(sums.forward_kernels, layers - depth, layers)) +
        depth * sums.transfer;
  const Seconds mean_rank = m / 2 * sums.kernels.back() / pairs + ramps / pairs;
  return {std::max(m / 2 * slots, mean_rank) + least_update(work, 2), needed, true,
          memory_of_cut(work, ends_of(even_cut)) <= work.capacity};
}

}  // namespace superpod::models
