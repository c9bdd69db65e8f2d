#include "tests/topology/folding/refinement.hpp"

#include <compare>
#include <map>

#include "sim/values/index.hpp"
#include "topology/folding/colour_refinement.hpp"

namespace superpod::topology {
namespace {

/// What tells vertices apart before any neighbour is looked at.
struct Signature {
  bool link = false;
  int colour = 0;
  double count = 0;
  double figure = 0;  // bandwidth, or latency
  auto operator<=>(const Signature&) const = default;
};

std::vector<Signature> signatures(const Platform& platform, const Colours& colours) {
  const auto colour = [](const std::vector<int>& of, std::size_t i) { return of.empty() ? 0 : of[i]; };
  std::vector<Signature> result;
  for (std::size_t r = 0; r < platform.routes.size(); ++r) {
    const Platform::Route& route = platform.routes[r];
    result.push_back({false, colour(colours.of_route, r), route.flows, route.latency.in(unit::s)});
  }
  for (std::size_t l = 0; l < platform.links.size(); ++l) {
    const Platform::Link& link = platform.links[l];
    result.push_back({true, colour(colours.of_link, l), link.count, link.bandwidth.in(BytesPerSecond{1})});
  }
  return result;
}

/// Classes of some vertices, renumbered by first appearance; returns how many.
int renumber(const Partition& partition, std::size_t first, std::vector<int>& classes) {
  std::map<int, int> seen;
  for (std::size_t i = 0; i < classes.size(); ++i)
    classes[i] = seen.try_emplace(partition.of[first + i], static_cast<int>(seen.size())).first->second;
  return static_cast<int>(seen.size());
}

}  // namespace

Classes refine(const Platform& platform, const Colours& colours) {
  std::vector<Influence> influences;
  const std::size_t routes = platform.routes.size();
  for (std::size_t r = 0; r < routes; ++r)
    for (const Platform::Hop& hop : platform.routes[r].hops) {
      const int route = static_cast<int>(r), link = static_cast<int>(routes + index(hop.link));
      influences.push_back({link, route, hop.times});
      influences.push_back({route, link, hop.times * platform.routes[r].flows});
    }
  const Partition partition = refine(colours_of(signatures(platform, colours)), influences);
  Classes result;
  result.of_route.resize(routes);
  result.of_link.resize(platform.links.size());
  result.routes = renumber(partition, 0, result.of_route);
  result.links = renumber(partition, routes, result.of_link);
  return result;
}

}  // namespace superpod::topology
