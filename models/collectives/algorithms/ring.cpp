// Ring: to the next rank, size - 1 times; of an all-to-all, to the ranks 1, 2, ... further (pairwise).
#include "models/collectives/algorithms/algorithm.hpp"

namespace superpod::models {
namespace {

Front around(const Line& line, Bytes size, Front front) {
  for (int step = 1; step < line.ranks(); ++step)
    front = line.from(front).shift(line.digit, 1, size / line.ranks());
  return front;
}

Front pairwise(const Line& line, const Parcels& parcels, Front front) {
  const int ranks = line.ranks(), before = line.before();
  const Amount bytes = parcels.amount(line.group, parcels.size / ranks, before, before * ranks);
  for (int step = 1; step < ranks; ++step) front = line.from(front).shift(line.digit, step, bytes);
  return front;
}

}  // namespace

constinit const Recipe recipes::ring{.word = "ring",
                                     .along = {.reduce_scatter = around,
                                               .all_gather = around,
                                               .all_to_all = pairwise,
                                               .keeps = topology::Digit::Group::rotations}};

}  // namespace superpod::models
