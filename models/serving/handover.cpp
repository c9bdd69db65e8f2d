#include "models/serving/handover.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include "sim/values/index.hpp"
#include "topology/routing/routes.hpp"

namespace superpod::models {
namespace {

topology::Address address_of(std::int64_t npu, const topology::Fabric& fabric) {
  topology::Address address{};
  for (std::size_t level = fabric.levels.size(); level-- > 0;) {
    address[level] = static_cast<int>(npu % fabric.levels[level].count);
    npu /= fabric.levels[level].count;
  }
  return address;
}

std::int64_t npu_of(const PoolPlace& pool, std::int64_t group, int rank) {
  return pool.first + group * pool.tensor + rank % pool.tensor;
}

/// Builds the links of a platform as routes cross them.
class RouteWriter {
 public:
  RouteWriter(const topology::Wiring& wiring, Platform& platform)
      : wiring_{wiring}, routes_{wiring}, platform_{platform} {}

  /// The flows of a handover, and the rate of one that has its links to itself.
  std::pair<Platform::Route, BytesPerSecond> route(const PoolPlace& from, std::int64_t from_group,
                                                   const PoolPlace& to, std::int64_t to_group) {
    Platform::Route route{
        .from = 0, .to = 1, .flows = static_cast<double>(to.tensor), .latency = {}, .hops = {}};
    std::map<LinkId, double> crossed;  // flows, or shares of them
    for (int rank = 0; rank < to.tensor; ++rank) {
      const topology::Path path = routes_.path(address_of(npu_of(from, from_group, rank), wiring_.fabric()),
                                               address_of(npu_of(to, to_group, rank), wiring_.fabric()));
      route.latency = std::max(route.latency, path.latency);
      for (const topology::Hop& hop : path.hops) crossed[link(hop.link)] += hop.share;
    }
    BytesPerSecond rate{std::numeric_limits<double>::infinity()};
    for (const auto& [link, flows] : crossed) {
      route.hops.push_back({link, flows / route.flows});
      rate = std::min(rate, platform_.links[index(link)].bandwidth / flows);
    }
    return {std::move(route), rate};
  }

 private:
  LinkId link(const topology::LinkKey& key) {
    const auto [place, is_new] = links_.try_emplace(key, static_cast<LinkId>(platform_.links.size()));
    if (is_new) {
      const topology::LinkFamily& family = wiring_.link_families()[index(key.family)];
      platform_.links.push_back({family.name, 1, family.bandwidth});
    }
    return place->second;
  }

  const topology::Wiring& wiring_;
  topology::Routes routes_;
  Platform& platform_;
  std::map<topology::LinkKey, LinkId> links_;
};

}  // namespace

HandoverRoutes::HandoverRoutes(const topology::Wiring& wiring, const PoolPlace& from, const PoolPlace& to)
    : to_groups_{std::int64_t{to.instances} * to.groups} {
  platform_.ranks = {{"any that reads prompts", static_cast<double>(from.npus())},
                     {"any that writes answers", static_cast<double>(to.npus())}};
  RouteWriter writer{wiring, platform_};
  for (std::int64_t a = 0; a < std::int64_t{from.instances} * from.groups; ++a)
    for (std::int64_t b = 0; b < to_groups_; ++b) {
      auto [route, rate] = writer.route(from, a, to, b);
      platform_.routes.push_back(std::move(route));
      idle_rates_.push_back(rate);
    }
}

}  // namespace superpod::models
