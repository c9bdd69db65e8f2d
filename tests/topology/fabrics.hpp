/// Small fabrics of every kind for the tests of this folder, and random nestings of them.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "topology/fabric/fabric.hpp"

namespace superpod::topology::fabrics {

inline constexpr BytesPerSecond GBps = unit::GB / unit::s;

inline std::vector<Level> levels(const std::vector<int>& counts) {
  static const std::vector<std::string> names{"l0", "l1", "l2", "l3", "l4", "l5"};
  std::vector<Level> result;
  for (std::size_t i = 0; i < counts.size(); ++i) result.push_back({names[i], counts[i]});
  return result;
}

inline std::vector<std::string> names(const std::vector<Level>& of, std::size_t first, std::size_t last) {
  std::vector<std::string> result;
  for (std::size_t i = first; i <= last; ++i) result.push_back(of[i].name);
  return result;
}

inline Fabric single(const std::vector<int>& counts, Network network) {
  Fabric fabric{.levels = levels(counts), .networks = {}, .endpoint_latency = 1 * unit::us};
  std::visit([&](auto& n) { n.levels = names(fabric.levels, 0, counts.size() - 1); }, network);
  fabric.networks = {std::move(network)};
  return fabric;
}

inline Fabric full_mesh(const std::vector<int>& counts) {
  return single(counts,
                FullMesh{.name = "mesh", .levels = {}, .bandwidth = 50 * GBps, .latency = 200 * unit::ns});
}

inline Fabric torus(const std::vector<int>& counts) {
  return single(counts,
                Torus{.name = "torus", .levels = {}, .bandwidth = 40 * GBps, .latency = 300 * unit::ns});
}

inline Fabric one_switch(int npus) {
  return single(
      {npus},
      Clos{.name = "switch", .levels = {}, .bandwidth = 100 * GBps, .latency = 400 * unit::ns, .tiers = {}});
}

/// Leaf switches on each unit of every level but the innermost, with this oversubscription at each tier.
inline Fabric clos(const std::vector<int>& counts, double oversubscription = 1) {
  Clos network{.name = "clos",
               .levels = {},
               .bandwidth = 100 * GBps,
               .latency = 400 * unit::ns,
               .planes = 2,
               .tiers = {}};
  const std::vector<Level> of = levels(counts);
  for (std::size_t i = counts.size() - 1; i-- > 0;) network.tiers.push_back({of[i].name, oversubscription});
  return single(counts, network);
}

inline Fabric dragonfly(int groups, int routers, int terminals, double local = 60, double global = 30) {
  return single({groups, routers, terminals}, Dragonfly{.name = "dragonfly",
                                                        .levels = {},
                                                        .bandwidth = 25 * GBps,
                                                        .local = local * GBps,
                                                        .global = global * GBps,
                                                        .latency = 250 * unit::ns});
}

/// `inner` NPUs in each unit, joined by a mesh; units joined by trunks between their switches.
inline Fabric switched_mesh(const std::vector<int>& units, int inner, double trunk = 200) {
  std::vector<int> counts = units;
  counts.push_back(inner);
  Fabric fabric{.levels = levels(counts), .networks = {}, .endpoint_latency = 1 * unit::us};
  fabric.networks = {FullMesh{.name = "mesh",
                              .levels = {fabric.levels.back().name},
                              .bandwidth = 50 * GBps,
                              .latency = 200 * unit::ns},
                     SwitchedMesh{.name = "racks",
                                  .levels = names(fabric.levels, 0, units.size() - 1),
                                  .bandwidth = 80 * GBps,
                                  .trunk = trunk * GBps,
                                  .latency = 500 * unit::ns}};
  return fabric;
}

/// Boards of fully meshed NPUs on a Clos, as in a SuperPoD: `levels` outermost first, the last one meshed.
inline Fabric mesh_and_clos(const std::vector<int>& counts, bool rails = false) {
  Fabric fabric{.levels = levels(counts), .networks = {}, .endpoint_latency = 1 * unit::us};
  fabric.networks = {FullMesh{.name = "mesh",
                              .levels = {fabric.levels.back().name},
                              .bandwidth = 50 * GBps,
                              .latency = 200 * unit::ns},
                     Clos{.name = "clos",
                          .levels = names(fabric.levels, 0, counts.size() - 2),
                          .bandwidth = 100 * GBps,
                          .latency = 400 * unit::ns,
                          .tiers = {},
                          .rails = rails}};
  return fabric;
}

/// One to three networks of random kinds over random levels: at most some 400 NPUs.
class RandomFabrics {
 public:
  explicit RandomFabrics(unsigned seed) : random_{seed} {}

  Fabric operator()() {
    Fabric fabric{.levels = {}, .networks = {}, .endpoint_latency = 1 * unit::us};
    const int networks = between(1, 3);
    int npus = 1;
    for (int n = 0; n < networks && fabric.levels.size() + 3 <= max_levels; ++n) {
      const Network network = any(n, fabric.levels, npus);
      fabric.networks.push_back(network);
    }
    return fabric;
  }

 private:
  int between(int low, int high) { return std::uniform_int_distribution<int>{low, high}(random_); }

  /// Puts the network's levels before the others (networks come from the inside out).
  std::vector<std::string> add_levels(std::vector<Level>& levels, const std::vector<int>& counts, int& npus) {
    std::vector<Level> mine;
    for (const int count : counts) {
      mine.push_back({"level" + std::to_string(levels.size() + mine.size()), count});
      npus *= count;
    }
    levels.insert(levels.begin(), mine.begin(), mine.end());
    return names(levels, 0, mine.size() - 1);
  }

  std::vector<int> counts(int npus, int most_levels, int most) {
    std::vector<int> result;
    for (int i = between(1, most_levels); i > 0; --i) {
      result.push_back(std::max(1, std::min(between(2, most), 400 / npus)));
      npus *= result.back();
    }
    return result;
  }

  Network any(int n, std::vector<Level>& levels, int& npus) {
    const std::string name = "network" + std::to_string(n);
    const BytesPerSecond bandwidth = between(1, 20) * 10 * GBps;
    const Seconds latency = between(1, 9) * 100 * unit::ns;
    switch (between(0, npus <= 16 ? 5 : 4)) {
      case 0:
        return FullMesh{.name = name,
                        .levels = add_levels(levels, counts(npus, 3, 4), npus),
                        .bandwidth = bandwidth,
                        .latency = latency};
      case 1:
        return Torus{.name = name,
                     .levels = add_levels(levels, counts(npus, 2, 6), npus),
                     .bandwidth = bandwidth,
                     .latency = latency};
      case 2:
        return any_clos(name, levels, npus, true);
      case 3:
        return any_clos(name, levels, npus, false);
      case 4:
        return SwitchedMesh{.name = name,
                            .levels = add_levels(levels, counts(npus, 2, 4), npus),
                            .bandwidth = bandwidth,
                            .trunk = between(1, 9) * 100 * GBps,
                            .latency = latency};
      default:
        break;
    }
    const int routers = between(1, 3), links = between(1, 2);
    return Dragonfly{.name = name,
                     .levels = add_levels(levels, {routers * links + 1, routers, between(1, 2)}, npus),
                     .bandwidth = bandwidth,
                     .local = between(1, 9) * 10 * GBps,
                     .global = between(1, 9) * 10 * GBps,
                     .latency = latency};
  }

  Clos any_clos(const std::string& name, std::vector<Level>& levels, int& npus, bool rails) {
    Clos clos{.name = name,
              .levels = add_levels(levels, counts(npus, 2, 4), npus),
              .bandwidth = between(1, 9) * 20 * GBps,
              .latency = between(1, 9) * 100 * unit::ns,
              .planes = between(1, 3),
              .tiers = {},
              .rails = rails};
    for (std::size_t i = clos.levels.size(); i-- > 0;)
      if (between(0, 1) == 1) clos.tiers.push_back({clos.levels[i], 1.0 * between(1, 3)});
    return clos;
  }

  std::mt19937 random_;
};

}  // namespace superpod::topology::fabrics
