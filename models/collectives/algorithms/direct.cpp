// Direct: every rank with every other at once, of the whole group or, where another algorithm uses it on a
// level, along one digit.
#include <array>

#include "models/collectives/algorithms/algorithm.hpp"

namespace superpod::models {
namespace {

Front share_along(const Line& line, Bytes size, Front front) {
  return Exchange{line.to, line.group.along(line.digit), front}.with_all(size / line.ranks());
}

Front deliver_along(const Line& line, const Parcels& parcels, Front front) {
  const int ranks = line.ranks(), before = line.before();
  const Amount bytes = parcels.amount(line.group, parcels.size / ranks, before, before * ranks);
  return Exchange{line.to, line.group.along(line.digit), front}.with_all(bytes);
}

Front spread_along(const Line& line, const Spread& spread, Front front) {
  topology::RankClasses& classes = line.group.classes();
  const auto digit = static_cast<std::size_t>(line.digit);
  return line.from(front).send(spread.size, [&](RankId rank) {
    const topology::Values& values = classes.representative(rank);
    const bool sends = spread.holds(values) && values[digit] == spread.root[digit];
    return sends ? classes.routes_to_all(rank, std::array{line.digit}) : std::vector<RouteId>{};
  });
}

Legs share(const Collective& of, Bytes size) {
  return {[&to = of.to, &group = of.group, size](const Front& begin) {
    return Exchange{to, group, begin}.with_all(size / group.size());
  }};
}

Legs deliver(const Collective& of, const Parcels& parcels) {
  const int ranks = of.group.size();
  return {[&to = of.to, &group = of.group,
           bytes = parcels.amount(of.group, parcels.size / ranks, 1, ranks)](const Front& begin) {
    return Exchange{to, group, begin}.with_all(bytes);
  }};
}

Legs spread_at_once(const Collective& of, const Spread& spread) {
  return {[&to = of.to, &group = of.group,
           from_root = Spread{spread.size, spread.root, of.group.digits()}](const Front& begin) {
    return Exchange{to, group, begin}.send(from_root.size, [&](RankId rank) {
      topology::RankClasses& classes = group.classes();
      return from_root.holds(classes.representative(rank)) ? classes.routes_to_all(rank, group.digits())
                                                           : std::vector<RouteId>{};
    });
  }};
}

}  // namespace

constinit const Recipe recipes::direct{.word = "direct",
                                       .along = {.reduce_scatter = share_along,
                                                 .all_gather = share_along,
                                                 .all_to_all = deliver_along,
                                                 .broadcast = spread_along},
                                       .at_once = true,
                                       .reduce_scatter = share,
                                       .all_gather = share,
                                       .all_to_all = deliver,
                                       .broadcast = spread_at_once};

}  // namespace superpod::models
