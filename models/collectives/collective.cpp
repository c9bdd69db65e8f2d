#include "models/collectives/collective.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>

#include "models/collectives/passed_on.hpp"
#include "sim/values/index.hpp"

namespace superpod::models {
namespace {

using topology::Digit;

/// What `hierarchical` does along one digit. It hangs on the wiring, not on how far the grid is folded.
Algorithm along_digit(const Method& method, Operation operation, const topology::Grid& grid,
                      const topology::Wiring& wiring, int digit) {
  const Algorithm algorithm = resolved(method.algorithm, operation);
  if (algorithm != Algorithm::hierarchical) return algorithm;
  if (const auto own = method.of_level.find(grid[index(digit)].level); own != method.of_level.end())
    return own->second;
  const bool alike = wiring.symmetry(grid[index(digit)].level) == topology::Wiring::Symmetry::all;
  return alike ? Algorithm::direct : Algorithm::ring;
}

Digit::Group needed(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::ring:
      return Digit::Group::rotations;
    case Algorithm::halving_doubling:
      return Digit::Group::xors;
    default:
      return Digit::Group::all;
  }
}

/// `exchange` with each power of two below the digit's size, from 1 up, or from the top down.
template <class Visitor>
void for_each_mask(int size, bool upwards, Visitor&& exchange) {
  for (int mask = upwards ? 1 : size / 2; upwards ? mask < size : mask >= 1;
       mask = upwards ? 2 * mask : mask / 2)
    exchange(mask);
}

Front reduce_scatter_along(const Writer& to, const Communicator& group, int digit, Bytes size,
                           Algorithm algorithm, Front front) {
  const int ranks = group.size_of(digit);
  if (ranks == 1) return front;
  if (algorithm == Algorithm::direct) return exchange_with_all(to, group.along(digit), size / ranks, front);
  if (algorithm == Algorithm::ring) {
    for (int step = 1; step < ranks; ++step) front = shift(to, group, digit, 1, size / ranks, front);
    return front;
  }
  for_each_mask(ranks, true, [&](int mask) {
    size = size / 2;
    front = swap(to, group, digit, mask, size, front);
  });
  return front;
}

/// `size` is what each rank holds in the end.
Front all_gather_along(const Writer& to, const Communicator& group, int digit, Bytes size,
                       Algorithm algorithm, Front front) {
  const int ranks = group.size_of(digit);
  if (algorithm != Algorithm::halving_doubling)
    return reduce_scatter_along(to, group, digit, size, algorithm, front);
  Bytes held = size / ranks;
  for_each_mask(ranks, false, [&](int mask) {
    front = swap(to, group, digit, mask, held, front);
    held *= 2;
  });
  return front;
}

/// What each rank receives in an all-to-all: `load` times the mean, by place; none: all the same.
struct Uneven {
  const std::vector<double>& load;

  /// `even`, or what takes its place (passed_on.hpp).
  [[nodiscard]] Amount amount(const Communicator& group, Bytes size, Bytes even, int before,
                              int after) const {
    return load.empty() ? Amount{even} : passed_on(group, size, load, before, after);
  }
};

Front all_to_all_along(const Writer& to, const Communicator& group, int digit, Bytes size,
                       Algorithm algorithm, const Uneven& uneven, Front front) {
  const int ranks = group.size_of(digit);
  if (ranks == 1) return front;
  int before = 1;  // ranks of a group that agree on the digits still to come
  for (const int d : group.digits()) {
    if (d == digit) break;
    before *= group.size_of(d);
  }
  if (algorithm == Algorithm::halving_doubling) {  // Bruck
    for_each_mask(ranks, true, [&](int mask) {
      const auto half = uneven.amount(group, size, size / 2, before * mask, before * mask * 2);
      front = swap(to, group, digit, mask, half, front);
    });
    return front;
  }
  const Amount bytes = uneven.amount(group, size, size / ranks, before, before * ranks);
  if (algorithm == Algorithm::direct) return exchange_with_all(to, group.along(digit), bytes, front);
  for (int step = 1; step < ranks; ++step) front = shift(to, group, digit, step, bytes, front);  // pairwise
  return front;
}

/// Along which digit, or over all at once, and when it may begin.
using Phase = std::function<Front(const Front&)>;

/// What comes after both.
Front both(const Writer& to, const Front& one, const Front& other) {
  Front front = one;
  for (std::size_t rank = 0; rank < front.size(); ++rank) {
    if (one[rank] == other[rank] || other[rank] == at_once) continue;
    front[rank] = one[rank] == at_once ? other[rank] : to.graph.join();
    if (one[rank] != at_once) to.graph.depend(front[rank], std::array{one[rank], other[rank]});
  }
  return front;
}

/// Chunks pass through the phases one after the other, and do not overtake.
Front pass(const Writer& to, int chunks, const std::vector<Phase>& phases, const Front& begin) {
  std::vector<Front> last(phases.size());  // [phase] of the chunk before
  Front front = begin;
  for (int chunk = 0; chunk < chunks; ++chunk)
    for (std::size_t p = 0; p < phases.size(); ++p) {
      if (chunk > 0) front = p == 0 ? last[p] : both(to, front, last[p]);
      front = last[p] = phases[p](front);
    }
  return front;
}

/// The algorithm along one digit.
Algorithm along(const Communicator& group, const Method& method, Operation operation, int digit) {
  return along_digit(method, operation, group.folding().grid(), group.folding().wiring(), digit);
}

Phase all_at_once(const Writer& to, const Communicator& group, Bytes size) {
  return [&to, &group, size](const Front& begin) {
    return exchange_with_all(to, group, size / group.size(), begin);
  };
}

std::vector<Phase> reduce_scatter_phases(const Writer& to, const Communicator& group, Bytes size,
                                         const Method& method) {
  constexpr Operation operation = Operation::reduce_scatter;
  if (resolved(method.algorithm, operation) == Algorithm::direct) return {all_at_once(to, group, size)};
  std::vector<Phase> phases;
  for (const int digit : group.digits()) {
    const Algorithm here = along(group, method, operation, digit);
    phases.push_back([&to, &group, digit, size, here](const Front& begin) {
      return reduce_scatter_along(to, group, digit, size, here, begin);
    });
    size = size / group.size_of(digit);
  }
  return phases;
}

std::vector<Phase> all_gather_phases(const Writer& to, const Communicator& group, Bytes size,
                                     const Method& method) {
  constexpr Operation operation = Operation::all_gather;
  if (resolved(method.algorithm, operation) == Algorithm::direct) return {all_at_once(to, group, size)};
  std::vector<Phase> phases;
  Bytes held = size / group.size();
  for (auto digit = group.digits().rbegin(); digit != group.digits().rend(); ++digit) {
    held *= group.size_of(*digit);
    const Algorithm here = along(group, method, operation, *digit);
    phases.push_back([&to, &group, digit = *digit, held, here](const Front& begin) {
      return all_gather_along(to, group, digit, held, here, begin);
    });
  }
  return phases;
}

}  // namespace

Algorithm resolved(Algorithm algorithm, Operation operation) {
  if (algorithm != Algorithm::automatic) return algorithm;
  return operation == Operation::all_to_all ? Algorithm::direct : Algorithm::hierarchical;
}

void restrict_for(topology::Grid& grid, const topology::Wiring& wiring, const std::vector<int>& digits,
                  Operation operation, const Method& method) {
  for (const int digit : digits) {
    const bool tree = operation == Operation::broadcast && method.algorithm == Algorithm::halving_doubling;
    const Algorithm here = operation == Operation::broadcast
                               ? Algorithm::direct
                               : along_digit(method, operation, grid, wiring, digit);
    topology::restrict(grid[index(digit)], tree ? Digit::Group::none : needed(here));
  }
}

Front reduce_scatter(const Writer& to, const Communicator& group, Bytes size, const Method& method,
                     const Front& begin) {
  return pass(to, method.chunks, reduce_scatter_phases(to, group, size / method.chunks, method), begin);
}

Front all_gather(const Writer& to, const Communicator& group, Bytes size, const Method& method,
                 const Front& begin) {
  return pass(to, method.chunks, all_gather_phases(to, group, size / method.chunks, method), begin);
}

Front all_reduce(const Writer& to, const Communicator& group, Bytes size, const Method& method,
                 const Front& begin) {
  std::vector<Phase> phases = reduce_scatter_phases(to, group, size / method.chunks, method);
  for (Phase& phase : all_gather_phases(to, group, size / method.chunks, method))
    phases.push_back(std::move(phase));
  return pass(to, method.chunks, phases, begin);
}

Front all_to_all(const Writer& to, const Communicator& group, Bytes size, const Method& method,
                 const Front& begin, const std::vector<double>& load) {
  const Bytes chunk = size / method.chunks;
  const Uneven uneven{load};
  std::vector<Phase> phases;
  if (resolved(method.algorithm, Operation::all_to_all) == Algorithm::direct) {
    const Amount bytes = uneven.amount(group, chunk, chunk / group.size(), 1, group.size());
    phases.push_back(
        [&to, &group, bytes](const Front& front) { return exchange_with_all(to, group, bytes, front); });
  } else {
    for (const int digit : group.digits()) {
      const Algorithm here = along(group, method, Operation::all_to_all, digit);
      phases.push_back([&to, &group, digit, chunk, here, uneven](const Front& front) {
        return all_to_all_along(to, group, digit, chunk, here, uneven, front);
      });
    }
  }
  return pass(to, method.chunks, phases, begin);
}

namespace {

/// Those ranks of a group that hold the data: their values equal the root's on all of `open` digits.
bool holds(const topology::Values& values, const topology::Values& root, std::span<const int> open) {
  return std::ranges::all_of(open, [&](int digit) { return values[index(digit)] == root[index(digit)]; });
}

/// Senders are the ranks that hold the data; each sends over all its routes.
template <class RoutesOf>
Front spread(const Writer& to, const Communicator& group, Bytes size, const Front& begin,
             RoutesOf&& routes_of) {
  Front front = begin;
  std::vector<std::vector<TaskId>> ends(group.ranks().size());
  for (std::size_t rank = 0; rank < group.ranks().size(); ++rank)
    for (const RouteId route : routes_of(group.ranks()[rank])) {
      const TaskId move = to.graph.move(route, size, to.label, to.microbatch);
      if (begin[rank] != at_once) to.graph.depend(move, begin[rank]);
      const std::size_t receiver = group.position(group.folding().receiver(route));
      ends[rank].push_back(move);
      ends[receiver].push_back(move);
    }
  for (std::size_t rank = 0; rank < ends.size(); ++rank) {
    if (ends[rank].empty()) continue;
    front[rank] = to.graph.join();
    to.graph.depend(front[rank], ends[rank]);
  }
  return front;
}

Front tree_along(const Writer& to, const Communicator& group, int digit, Bytes size,
                 const topology::Values& root, std::span<const int> still_open, Front front) {
  topology::Folding& folding = group.folding();
  const int ranks = group.size_of(digit);
  for (int reach = 1; reach < ranks; reach *= 2)
    front = spread(to, group, size, front, [&](RankId rank) {
      std::vector<RouteId> routes;
      topology::Values values = folding.representative(rank);
      const int distance = (values[index(digit)] - root[index(digit)] + ranks) % ranks;
      if (!holds(values, root, still_open) || distance >= reach || distance + reach >= ranks) return routes;
      values[index(digit)] = (values[index(digit)] + reach) % ranks;
      routes.push_back(folding.route(rank, values));
      return routes;
    });
  return front;
}

}  // namespace

Front broadcast(const Writer& to, const Communicator& group, Bytes size, const Method& method,
                const topology::Values& root, const Front& begin) {
  const Algorithm chosen = resolved(method.algorithm, Operation::broadcast);
  if (chosen == Algorithm::ring) throw std::invalid_argument{"a broadcast has no ring algorithm here"};
  topology::Folding& folding = group.folding();
  const Bytes chunk = size / method.chunks;
  std::vector<Phase> phases;
  if (chosen == Algorithm::direct) {
    phases.push_back([&, chunk](const Front& front) {
      return spread(to, group, chunk, front, [&](RankId rank) {
        const bool is_root = holds(folding.representative(rank), root, group.digits());
        return is_root ? folding.routes_to_all(rank, group.digits()) : std::vector<RouteId>{};
      });
    });
    return pass(to, method.chunks, phases, begin);
  }

  std::vector<int> open = group.digits();  // innermost first; the outermost is served first
  while (!open.empty()) {
    const int digit = open.back();
    open.pop_back();
    phases.push_back([&, digit, open, chunk, chosen](const Front& front) {
      if (chosen == Algorithm::halving_doubling)
        return tree_along(to, group, digit, chunk, root, open, front);
      return spread(to, group, chunk, front, [&](RankId rank) {
        const topology::Values& values = folding.representative(rank);
        const bool sends = holds(values, root, open) && values[index(digit)] == root[index(digit)];
        return sends ? folding.routes_to_all(rank, std::array{digit}) : std::vector<RouteId>{};
      });
    });
  }
  return pass(to, method.chunks, phases, begin);
}

Front send_receive(const Writer& to, const Communicator& group, Bytes size, RankId from, RankId dest,
                   const Front& begin) {
  return spread(to, group, size, begin, [&](RankId rank) {
    std::vector<RouteId> routes;
    if (rank == from) routes.push_back(group.folding().route(rank, group.folding().representative(dest)));
    return routes;
  });
}

Front permute(const Writer& to, const Communicator& group, Bytes size, const topology::Values& by,
              const Front& begin) {
  return exchange_with_one(to, group, size, begin, [&](topology::Values values) {
    for (const int digit : group.digits())
      values[index(digit)] = (values[index(digit)] + by[index(digit)]) % group.size_of(digit);
    return values;
  });
}

}  // namespace superpod::models
