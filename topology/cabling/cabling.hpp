/// A fabric cable by cable: any graph of NPUs, switches and links, without levels or symmetry.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/values/units.hpp"

namespace superpod::topology {

struct Cabling {
  struct Node {
    std::string name;
    bool npu = false;  ///< else a switch
  };
  struct Link {
    int from = 0, to = 0;  ///< nodes; `absent` where only routes tell
    BytesPerSecond bandwidth;
    Seconds latency;
  };
  std::vector<Node> nodes;
  std::vector<Link> links;  ///< directed
  struct Route {
    std::vector<int> links;
    Seconds latency;  ///< of all of them, and of what has no link here because nothing contends for it
  };
  std::map<std::pair<int, int>, Route> routes;  ///< [from, to] where they are given
};

/// Which of the nodes are NPUs, in their order: rank 0, rank 1, ...
std::vector<int> npus_of(const Cabling& cabling);

}  // namespace superpod::topology
