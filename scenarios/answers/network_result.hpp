/// The fabric with what it carried, for its picture.
#pragma once

#include <string>
#include <vector>

#include "analysis/result.hpp"
#include "scenarios/answers/traffic.hpp"
#include "topology/fabric/wiring.hpp"

namespace superpod::scenarios {

/// Links of one family (topology/fabric/wiring.hpp), those that carry nothing too.
struct NetworkLinks {
  std::string name, network;
  std::string level;  ///< whose units they join
  topology::LinkFamily::Kind kind{};
  double count = 0;                     ///< directed, in the whole fabric
  BytesPerSecond bandwidth;             ///< of one link, in its direction
  double utilisation = 0, busiest = 0;  ///< mean over all of them; of the busiest
};

struct Network {
  std::vector<topology::Level> levels;  ///< the outermost first
  std::vector<NetworkLinks> links;
};

Network network_of(const topology::Wiring& wiring, const Traffic& traffic);

/// The tables `levels` and `network`.
void add_network(const Network& network, analysis::Result& result);

}  // namespace superpod::scenarios
