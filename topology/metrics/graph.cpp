#include "topology/metrics/graph.hpp"

#include <algorithm>
#include <array>
#include <boost/graph/boykov_kolmogorov_max_flow.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/strong_components.hpp>
#include <boost/property_map/function_property_map.hpp>
#include <map>
#include <stdexcept>
#include <utility>

#include "sim/values/index.hpp"

namespace superpod::topology {
namespace {

using CellsByLevel = std::vector<std::vector<Cell>>;

CellsByLevel sizes_by_level(const std::vector<Cells>& cells) {
  CellsByLevel result;
  for (const Cells& level : cells) result.push_back(sizes(level));
  return result;
}

using Mask = std::array<bool, max_levels>;

/// One cell for each level, or none of them for the levels that a family does not have.
class Odometer {
 public:
  Odometer(const Mask& has, const CellsByLevel& cells) : has_{has}, cells_{cells} {}

  /// Digits of the first member, and how many members there are.
  [[nodiscard]] std::pair<Address, double> members() const {
    Address digits;
    digits.fill(absent);
    double count = 1;
    for (std::size_t level = 0; level < cells_.size(); ++level) {
      if (!has_[level]) continue;
      const Cell& cell = cells_[level][at_[level]];
      digits[level] = cell.first;
      count *= cell.size;
    }
    return {digits, count};
  }

  /// The next combination of cells, innermost level fastest; false after the last one.
  bool advance() {
    for (std::size_t level = cells_.size(); level-- > 0;) {
      if (!has_[level]) continue;
      if (++at_[level] < cells_[level].size()) return true;
      at_[level] = 0;
    }
    return false;
  }

 private:
  const Mask& has_;
  const CellsByLevel& cells_;
  std::array<std::size_t, max_levels> at_{};  // [level] cell
};

double classes(const Mask& has, const CellsByLevel& cells) {
  double count = 1;
  for (std::size_t level = 0; level < cells.size(); ++level)
    if (has[level]) count *= static_cast<double>(cells[level].size());
  return count;
}

/// Where each node family begins in Graph::nodes, and how its members follow each other.
class NodeNumbers {
 public:
  NodeNumbers(const Wiring& wiring, const std::vector<Cells>& cells)
      : wiring_{wiring}, cells_{cells}, sizes_{sizes_by_level(cells)} {
    int next = 0;
    for (const NodeFamily& family : wiring.node_families()) {
      first_.push_back(next);
      next += static_cast<int>(classes(family.has, sizes_));
    }
  }

  [[nodiscard]] const CellsByLevel& cells() const { return sizes_; }

  [[nodiscard]] int operator()(const NodeKey& node) const {
    const NodeFamily& family = wiring_.node_families()[index(node.family)];
    int number = 0;
    for (std::size_t level = 0; level < cells_.size(); ++level)
      if (family.has[level])
        number = number * static_cast<int>(sizes_[level].size()) + cells_[level][index(node.at[level])];
    return first_[index(node.family)] + number;
  }

 private:
  const Wiring& wiring_;
  const std::vector<Cells>& cells_;
  CellsByLevel sizes_;
  std::vector<int> first_;  // [family]
};

/// LinkKey::other of the links that share some digits, and by how much each multiplies the number of members.
std::vector<std::pair<int, double>> others(const LinkFamily& family, const Address& at,
                                           const CellsByLevel& cells) {
  std::vector<std::pair<int, double>> result;
  if (family.kind == LinkFamily::Kind::mesh) {
    for (const Cell& other : cells[index(family.level)])
      if (other.first != at[index(family.level)]) result.emplace_back(other.first, other.size);
  } else if (family.kind == LinkFamily::Kind::global) {
    for (int extra = 0; extra < family.extras; ++extra) result.emplace_back(extra, 1);
  } else {
    result.emplace_back(absent, 1);
  }
  return result;
}

/// The links of one family.
void add_links(Graph& graph, const Wiring& wiring, const NodeNumbers& number, int f) {
  const LinkFamily& family = wiring.link_families()[index(f)];
  const CellsByLevel& cells = number.cells();
  Odometer odometer(family.has, cells);
  do {
    const auto [at, count] = odometer.members();
    for (const auto& [other, factor] : others(family, at, cells)) {
      const LinkKey key{f, at, other};
      const auto [from, to] = wiring.ends(key);
      const int a = number(from);
      const int b = number(to);
      if (a != b) graph.links.push_back({key, a, b, count * factor, family.bandwidth});
    }
  } while (odometer.advance());
}

}  // namespace

GraphSize graph_size(const Wiring& wiring, const std::vector<Cells>& cells) {
  const CellsByLevel by_level = sizes_by_level(cells);
  GraphSize size;
  for (const NodeFamily& family : wiring.node_families()) size.nodes += classes(family.has, by_level);
  for (const LinkFamily& family : wiring.link_families()) {
    double each = 1;
    if (family.kind == LinkFamily::Kind::mesh)
      each = static_cast<double>(by_level[index(family.level)].size()) - 1;
    if (family.kind == LinkFamily::Kind::global) each = family.extras;
    size.links += classes(family.has, by_level) * each;
  }
  return size;
}

Graph graph(const Wiring& wiring, const std::vector<Cells>& cells) {
  const GraphSize size = graph_size(wiring, cells);
  if (size.nodes > graph_limit || size.links > graph_limit)
    throw std::length_error("the fabric has " + std::to_string(static_cast<std::int64_t>(size.nodes)) +
                            " nodes and " + std::to_string(static_cast<std::int64_t>(size.links)) +
                            " links that differ; an explicit graph holds at most " +
                            std::to_string(static_cast<std::int64_t>(graph_limit)) + " of each");
  Graph result;
  result.nodes.reserve(static_cast<std::size_t>(size.nodes));
  result.links.reserve(static_cast<std::size_t>(size.links));
  const NodeNumbers number(wiring, cells);
  for (int f = 0; f < static_cast<int>(wiring.node_families().size()); ++f) {
    Odometer odometer(wiring.node_families()[index(f)].has, number.cells());
    do {
      const auto [at, count] = odometer.members();
      result.nodes.push_back({NodeKey{f, at}, count});
    } while (odometer.advance());
    if (f == 0) result.npus = static_cast<int>(result.nodes.size());
  }
  for (int f = 0; f < static_cast<int>(wiring.link_families().size()); ++f)
    add_links(result, wiring, number, f);
  return result;
}

Graph graph(const Wiring& wiring) { return graph(wiring, separate(wiring)); }

int node_index(const Wiring& wiring, const std::vector<Cells>& cells, const NodeKey& node) {
  return NodeNumbers(wiring, cells)(node);
}

NodeKey npu_key(const Wiring& wiring, const Address& npu) {
  NodeKey key;
  for (std::size_t level = 0; level < npu.size(); ++level)
    key.at[level] = level < index(wiring.levels()) ? npu[level] : absent;
  return key;
}

namespace {

using Rows = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, boost::no_property,
                                                boost::no_property, int, int>;

Rows rows(const Graph& graph) {
  std::vector<std::pair<int, int>> ends;
  ends.reserve(graph.links.size());
  for (const Graph::Link& link : graph.links) ends.emplace_back(link.from, link.to);
  return {boost::edges_are_unsorted, ends.begin(), ends.end(), static_cast<int>(graph.nodes.size())};
}

}  // namespace

std::vector<std::vector<int>> hops_from(const Graph& graph, const std::vector<int>& sources) {
  const Rows links = rows(graph);
  std::vector<std::vector<int>> result;
  for (const int source : sources) {
    std::vector<int>& hops = result.emplace_back(graph.nodes.size(), absent);
    hops[index(source)] = 0;
    const auto distance =
        boost::make_iterator_property_map(hops.begin(), boost::get(boost::vertex_index, links), hops.front());
    const auto record = boost::make_bfs_visitor(boost::record_distances(distance, boost::on_tree_edge()));
    boost::breadth_first_search(links, source, boost::visitor(record));
  }
  return result;
}

bool is_connected(const Graph& graph) {
  const Rows links = rows(graph);
  std::vector<int> component(graph.nodes.size());
  return boost::strong_components(
             links, boost::make_iterator_property_map(
                        component.begin(), boost::get(boost::vertex_index, links), component.front())) <= 1;
}

namespace {

/// An arc and the arc back, which is there even when its capacity is 0.
struct Arc {
  double capacity = 0;
  double residual = 0;
  int reverse = 0;  // position of the arc back
};
using FlowGraph = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, Arc,
                                                     boost::no_property, int, int>;

/// Capacity by (from, to), and 0 for those that have none but are the way back of one that has.
using Capacities = std::map<std::pair<int, int>, double>;

/// All sources are node 0 and all sinks node 1.
Capacities capacities(const Graph& graph, const std::vector<bool>& sources, const std::vector<bool>& sinks) {
  std::vector<int> number(graph.nodes.size());
  int next = 2;
  for (std::size_t node = 0; node < number.size(); ++node)
    number[node] = sources[node] ? 0 : sinks[node] ? 1 : next++;
  Capacities result;
  for (const Graph::Link& link : graph.links) {
    const int from = number[index(link.from)];
    const int to = number[index(link.to)];
    if (from == to) continue;
    result[{from, to}] += link.count * link.bandwidth.in(BytesPerSecond{1});
    result.try_emplace({to, from}, 0);
  }
  return result;
}

FlowGraph flow_graph(const Capacities& capacities, int nodes) {
  std::vector<std::pair<int, int>> ends;
  std::vector<Arc> arcs;
  for (const auto& [pair, capacity] : capacities) {
    ends.push_back(pair);
    arcs.push_back({.capacity = capacity});
  }
  for (std::size_t i = 0; i < ends.size(); ++i)
    arcs[i].reverse = static_cast<int>(
        std::ranges::lower_bound(ends, std::pair{ends[i].second, ends[i].first}) - ends.begin());
  return {boost::edges_are_sorted, ends.begin(), ends.end(), arcs.begin(), nodes};
}

}  // namespace

BytesPerSecond max_flow(const Graph& graph, const std::vector<bool>& sources,
                        const std::vector<bool>& sinks) {
  for (std::size_t node = 0; node < graph.nodes.size(); ++node)
    if (sources[node] && sinks[node]) throw std::logic_error("a node is both source and sink of a flow");
  const int nodes = static_cast<int>(graph.nodes.size()) + 2;
  FlowGraph flow = flow_graph(capacities(graph, sources, sinks), nodes);

  using Edge = boost::graph_traits<FlowGraph>::edge_descriptor;
  const auto reverse = boost::make_function_property_map<Edge>(
      [&flow](const Edge& arc) { return boost::edge_from_index(flow[arc].reverse, flow); });
  std::vector<Edge> predecessor(index(nodes));
  std::vector<boost::default_color_type> colour(index(nodes));
  std::vector<int> distance(index(nodes));
  return BytesPerSecond{boost::boykov_kolmogorov_max_flow(
      flow, boost::get(&Arc::capacity, flow), boost::get(&Arc::residual, flow), reverse, predecessor.data(),
      colour.data(), distance.data(), boost::get(boost::vertex_index, flow), 0, 1)};
}

}  // namespace superpod::topology
