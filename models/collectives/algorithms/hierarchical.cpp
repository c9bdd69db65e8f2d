// Hierarchical: along one digit after the other, direct where all of its ranks are joined alike, else in a
// ring; of a broadcast, direct along each. Automatic is the same, but for an all-to-all: direct.
#include "models/collectives/algorithms/algorithm.hpp"

namespace superpod::models {
namespace {

const Recipe& best_known(const Method& method, int level, bool joined_alike) {
  if (const auto own = method.of_level.find(level); own != method.of_level.end()) return own->second.recipe();
  return joined_alike ? recipes::direct : recipes::ring;
}

Front spread_directly(const Line& line, const Spread& spread, Front front) {
  return recipes::direct.along.broadcast(line, spread, std::move(front));
}

Legs deliver_directly(const Collective& of, const Parcels& parcels) {
  return recipes::direct.all_to_all(of, parcels);
}

}  // namespace

constinit const Recipe recipes::hierarchical{
    .word = "hierarchical", .along = {.broadcast = spread_directly}, .on_level = best_known};

constinit const Recipe recipes::automatic{.word = "automatic",
                                          .along = {.broadcast = spread_directly},
                                          .on_level = best_known,
                                          .all_to_all = deliver_directly};

}  // namespace superpod::models
