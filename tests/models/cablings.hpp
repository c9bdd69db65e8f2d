/// Fabrics cable by cable, regular and not, small enough to simulate every rank and link.
#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "topology/cabling/cabling.hpp"
#include "topology/metrics/graph.hpp"

namespace superpod::models::cablings {

using topology::Cabling;

inline int add_node(Cabling& cabling, bool npu) {
  cabling.nodes.push_back({(npu ? "npu" : "switch") + std::to_string(cabling.nodes.size()), npu});
  return static_cast<int>(cabling.nodes.size()) - 1;
}

inline void join(Cabling& cabling, int a, int b, double gigabytes = 25) {
  const BytesPerSecond bandwidth = gigabytes * unit::GB / unit::s;
  cabling.links.push_back({a, b, bandwidth, 0.3 * unit::us});
  cabling.links.push_back({b, a, bandwidth, 0.3 * unit::us});
}

inline Cabling of(const topology::Wiring& wiring) {
  const topology::Graph graph = topology::graph(wiring);
  Cabling cabling;
  for (int node = 0; node < static_cast<int>(graph.nodes.size()); ++node)
    add_node(cabling, node < graph.npus);
  for (const auto& link : graph.links)
    cabling.links.push_back({link.from, link.to, link.bandwidth,
                             wiring.link_families()[static_cast<std::size_t>(link.key.family)].latency});
  return cabling;
}

/// NPUs that each have `degree` cables to others (fewer where the draw ends so), and a ring that joins all.
inline Cabling random_regular(int npus, int degree, std::mt19937& random) {
  Cabling cabling;
  std::vector<int> ports;
  for (int n = 0; n < npus; ++n) {
    add_node(cabling, true);
    ports.insert(ports.end(), static_cast<std::size_t>(degree - 2), n);
  }
  for (int n = 0; n < npus; ++n) join(cabling, n, (n + 1) % npus);
  std::shuffle(ports.begin(), ports.end(), random);
  for (std::size_t i = 0; i + 1 < ports.size(); i += 2)
    if (ports[i] != ports[i + 1]) join(cabling, ports[i], ports[i + 1]);
  return cabling;
}

/// A root with leaves that have one to four NPUs each, and uplinks that are too thin.
inline Cabling unequal_tree(int leaves, std::mt19937& random) {
  Cabling cabling;
  const int root = add_node(cabling, false);
  for (int l = 0; l < leaves; ++l) {
    const int leaf = add_node(cabling, false);
    join(cabling, root, leaf, 40);
    for (auto n = 1 + random() % 4; n > 0; --n) join(cabling, leaf, add_node(cabling, true));
  }
  return cabling;
}

/// The fat tree of k-port switches (Al-Fares, Loukissas, Vahdat, SIGCOMM 2008): k pods of k/2 edge and k/2
/// aggregation switches, (k/2)^2 core switches, k^3/4 NPUs. `missing`: so many cables between switches are
/// not there.
inline Cabling fat_tree(int k, int missing = 0) {
  Cabling cabling;
  const int half = k / 2;
  std::vector<int> cores;
  for (int c = 0; c < half * half; ++c) cores.push_back(add_node(cabling, false));
  for (int pod = 0; pod < k; ++pod) {
    std::vector<int> edges;
    for (int e = 0; e < half; ++e) {
      edges.push_back(add_node(cabling, false));
      for (int n = 0; n < half; ++n) join(cabling, edges.back(), add_node(cabling, true));
    }
    for (int a = 0; a < half; ++a) {
      const int aggregation = add_node(cabling, false);
      for (const int edge : edges)
        if (--missing < 0) join(cabling, edge, aggregation);
      for (int c = 0; c < half; ++c)
        join(cabling, aggregation, cores[static_cast<std::size_t>(a * half + c)]);
    }
  }
  return cabling;
}

/// A pod whose NPUs stand around a switch and one where each is cabled to each, joined by a few cables.
inline Cabling two_pods(int around_a_switch, int meshed) {
  Cabling cabling;
  const int hub = add_node(cabling, false), gate = add_node(cabling, false);
  for (int n = 0; n < around_a_switch; ++n) join(cabling, hub, add_node(cabling, true), 100);
  const int first = static_cast<int>(cabling.nodes.size());
  for (int n = 0; n < meshed; ++n) {
    add_node(cabling, true);
    join(cabling, first + n, gate, 50);
    for (int other = 0; other < n; ++other) join(cabling, first + n, first + other);
  }
  join(cabling, hub, gate, 200);
  join(cabling, hub, gate, 200);
  return cabling;
}

}  // namespace superpod::models::cablings
