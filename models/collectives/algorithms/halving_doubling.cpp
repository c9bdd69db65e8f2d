// Recursive halving, then doubling, with the rank at XOR 1, 2, 4, ...; of an all-to-all, Bruck's; of a
// broadcast, a binomial tree.
#include <cmath>

#include "models/collectives/algorithms/algorithm.hpp"

namespace superpod::models {
namespace {

Front halve(const Line& line, Bytes size, Front front) {
  for (int mask = 1; mask < line.ranks(); mask *= 2) {
    size = size / 2;
    front = line.from(front).swap(line.digit, mask, size);
  }
  return front;
}

Front redouble(const Line& line, Bytes size, Front front) {
  Bytes held = size / line.ranks();
  for (int mask = line.ranks() / 2; mask >= 1; mask /= 2) {
    front = line.from(front).swap(line.digit, mask, held);
    held *= 2;
  }
  return front;
}

Front bruck(const Line& line, const Parcels& parcels, Front front) {
  const int before = line.before();
  for (int mask = 1; mask < line.ranks(); mask *= 2) {
    const Amount half = parcels.amount(line.group, parcels.size / 2, before * mask, before * mask * 2);
    front = line.from(front).swap(line.digit, mask, half);
  }
  return front;
}

/// Those that have the data send to the rank that is as much further as there are of them.
Front grow(const Line& line, const Spread& spread, Front front) {
  topology::RankClasses& classes = line.group.classes();
  const auto digit = static_cast<std::size_t>(line.digit);
  const int ranks = line.ranks();
  for (int reach = 1; reach < ranks; reach *= 2)
    front = line.from(front).send(spread.size, [&](RankId rank) {
      std::vector<RouteId> routes;
      topology::Values values = classes.representative(rank);
      const int distance = (values[digit] - spread.root[digit] + ranks) % ranks;
      if (!spread.holds(values) || distance >= reach || distance + reach >= ranks) return routes;
      values[digit] = (values[digit] + reach) % ranks;
      routes.push_back(classes.route(rank, values));
      return routes;
    });
  return front;
}

}  // namespace

constinit const Recipe recipes::halving_doubling{
    .word = "halving_doubling",
    .along = {.reduce_scatter = halve,
              .all_gather = redouble,
              .all_to_all = bruck,
              .broadcast = grow,
              .keeps = topology::Digit::Group::xors,
              .broadcast_keeps = topology::Digit::Group::none,
              .only_powers_of_two = true,
              .messages = [](double ranks) { return std::log2(ranks); }}};

}  // namespace superpod::models
