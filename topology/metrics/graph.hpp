/// A wiring as an explicit graph: each node and link, or one for each class of like ones; and what graphs can
/// tell.
#pragma once

#include <cstdint>
#include <vector>

#include "topology/fabric/wiring.hpp"
#include "topology/metrics/cells.hpp"

namespace superpod::topology {

struct Graph {
  struct Node {
    NodeKey key;       ///< its first member
    double count = 1;  ///< members
  };
  struct Link {
    LinkKey key;  ///< its first member
    int from = 0, to = 0;
    double count = 1;          ///< members
    BytesPerSecond bandwidth;  ///< of one member
  };
  std::vector<Node> nodes;  ///< by family, hence the NPUs first, outermost digit slowest
  std::vector<Link> links;  ///< by family
  int npus = 0;             ///< how many of the nodes are NPUs
};

/// Above this many nodes or links a graph is refused.
inline constexpr double graph_limit = 4e6;

/// Nodes and links of the graph before it is built.
struct GraphSize {
  double nodes = 0, links = 0;
};
GraphSize graph_size(const Wiring& wiring, const std::vector<Cells>& cells);

/// One node and link for each class of those whose digits are in the same cells; links within one class of
/// nodes are left out. With separate(wiring) it is the fabric itself. Throws std::length_error above
/// graph_limit. Assumes: the cells are orbits (see cells.hpp), so any member's links stand for those of its
/// class.
Graph graph(const Wiring& wiring, const std::vector<Cells>& cells);
Graph graph(const Wiring& wiring);

/// Number of the node with this key in graph(wiring, cells), e.g. of an NPU.
int node_index(const Wiring& wiring, const std::vector<Cells>& cells, const NodeKey& node);

NodeKey npu_key(const Wiring& wiring, const Address& npu);

/// [source][node] links along a shortest path; `absent` where there is none. Cost: O(links) for each source.
std::vector<std::vector<int>> hops_from(const Graph& graph, const std::vector<int>& sources);

/// Whether each node can be reached from each other one.
bool is_connected(const Graph& graph);

/// What all sources together can send to all sinks, in their direction: the capacity of the smallest cut
/// between them. Every node passes traffic on, NPUs included. Nodes of a graph: [node] is it a source, a
/// sink; none may be both. Assumes: cells that each lie wholly among the sources, the sinks or the rest. Then
/// the flow through the merged graph equals that of the fabric, because the average of a largest flow over
/// all symmetries is a largest flow too.
BytesPerSecond max_flow(const Graph& graph, const std::vector<bool>& sources, const std::vector<bool>& sinks);

}  // namespace superpod::topology
