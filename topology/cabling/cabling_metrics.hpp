/// What a cabling is, in figures.
#pragma once

#include <optional>
#include <string>

#include "topology/cabling/cabling.hpp"

namespace superpod::topology {

struct CablingMetrics {
  int npus = 0, switches = 0, links = 0;  ///< links are directed
  struct Graph {
    int npu_classes = 0;  ///< NPUs that colour refinement of nodes and links tells apart
    std::optional<int>
        diameter;  ///< links between the NPUs that are farthest apart; none where some cannot be reached
  };
  std::optional<Graph> graph;  ///< none where only routes are given
};

/// NPUs of one class have the others at equal distances, so one of each is asked. Cost: O(classes * links).
CablingMetrics metrics(const Cabling& cabling);

/// The figures as a text for people, in lines.
std::string text(const CablingMetrics& metrics);

}  // namespace superpod::topology
