/// A graph as a file draws it: names, and attributes that are still words.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "topology/cabling/cabling.hpp"

namespace superpod::topology {

struct DrawnGraph {
  using Attributes = std::map<std::string, std::string>;
  struct Node {
    std::string name;
    Attributes attributes;
  };
  struct Edge {
    int from = 0, to = 0;
    Attributes attributes;
  };
  bool directed = false;  ///< else each edge is a link in each direction
  std::vector<Node> nodes;
  std::vector<Edge> edges;
};

/// Nodes have a `kind`: `npu` or `switch`. Edges have a `bandwidth` and a `latency`, as words with a unit
/// (`400 Gb/s`, `300 ns`) or as numbers in B/s and s. Other attributes do not matter. Throws
/// std::invalid_argument, which names the node or edge.
Cabling cabling_of(const DrawnGraph& graph);

/// `400 Gb/s`, or a number in base units; not negative, and not zero either if it is to be `positive`. Throws
/// std::invalid_argument with what is wrong.
BytesPerSecond bandwidth_in(const std::string& words);
Seconds latency_in(const std::string& words);

/// One for each format. Throw GraphFileError.
DrawnGraph read_graphml(const std::string& file, const std::string& text);
DrawnGraph read_dot(const std::string& file, const std::string& text);
Cabling read_simgrid_xml(const std::string& file, const std::string& text);

}  // namespace superpod::topology
