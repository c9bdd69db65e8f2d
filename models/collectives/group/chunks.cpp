#include "models/collectives/group/chunks.hpp"

#include <array>

namespace superpod::models {
namespace {

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

}  // namespace

Front pass(const Writer& to, int chunks, const Legs& legs, const Front& begin) {
  std::vector<Front> last(legs.size());  // [leg] of the chunk before
  Front front = begin;
  for (int chunk = 0; chunk < chunks; ++chunk)
    for (std::size_t p = 0; p < legs.size(); ++p) {
      if (chunk > 0) front = p == 0 ? last[p] : both(to, front, last[p]);
      front = last[p] = legs[p](front);
    }
  return front;
}

}  // namespace superpod::models
