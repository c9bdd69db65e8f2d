#include "topology/files/export.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "sim/values/index.hpp"
#include "sim/values/quantity_text.hpp"
#include "topology/metrics/graph.hpp"
#include "topology/pictures/canvas.hpp"

namespace superpod::topology {
namespace {

/// The digits that there are, separated by dots: `0.12.3`.
std::string digits(const Address& at) {
  std::string result;
  for (const int digit : at)
    if (digit != absent) result.append(result.empty() ? "" : ".").append(std::to_string(digit));
  return result;
}

std::string node_name(const Wiring& wiring, const NodeKey& node) {
  const std::string at = digits(node.at);
  return wiring.node_families()[index(node.family)].name + (at.empty() ? "" : " " + at);
}

std::string link_name(const Wiring& wiring, const LinkKey& link) {
  const std::string at = digits(link.at);
  const std::string name = wiring.link_families()[index(link.family)].name + (at.empty() ? "" : " " + at);
  return link.other == absent ? name : name + " to " + std::to_string(link.other);
}

std::string in_quotes(std::string_view words) {
  std::string result = "\"";
  for (const char c : words) {
    if (c == '"' || c == '\\') result += '\\';
    result += c == '\n' ? ' ' : c;
  }
  return result + '"';
}

/// The unit that a node stands in: its digits from the outermost level on; of an NPU without the last, which
/// is its own.
std::vector<int> unit_of(const Wiring& wiring, const NodeKey& node) {
  std::vector<int> unit;
  for (int level = 0; level < wiring.levels() && node.at[index(level)] != absent; ++level)
    unit.push_back(node.at[index(level)]);
  if (node.family == 0) unit.pop_back();
  return unit;
}

constexpr std::array colours{"#0b6bcb", "#c2410c", "#15803d", "#8b2fc9", "#b3261e", "#0f766e"};

std::string_view colour(int network) { return colours[index(network) % colours.size()]; }

using Unit = std::vector<int>;

/// The nodes that stand right in each unit, and every unit that lies around one of those.
std::map<Unit, std::vector<int>> units(const Wiring& wiring, const Graph& whole) {
  std::map<Unit, std::vector<int>> result;
  for (int node = 0; node < static_cast<int>(whole.nodes.size()); ++node) {
    Unit unit = unit_of(wiring, whole.nodes[index(node)].key);
    result[unit].push_back(node);
    for (; !unit.empty(); unit.pop_back()) result.try_emplace(unit);
  }
  return result;
}

void begin_cluster(std::ostream& out, const Wiring& wiring, const Unit& unit) {
  out << "subgraph cluster";
  for (const int digit : unit) out << '_' << digit;
  const std::string& level = wiring.fabric().levels[unit.size() - 1].name;
  out << " {\nlabel=" << in_quotes(level + " " + std::to_string(unit.back())) << ";\n";
}

/// Bandwidths are exact: seventeen digits bring back every double.
std::string exactly(double value) {
  std::ostringstream out;
  out.precision(17);
  out << value;
  return out.str();
}

void add_node(std::ostream& out, const Wiring& wiring, const NodeKey& key, int number) {
  const int network = wiring.node_families()[index(key.family)].network;
  out << 'n' << number
      << " [label=" << in_quotes(network == absent ? digits(key.at) : node_name(wiring, key));
  if (network != absent) out << " shape=box style=rounded color=" << in_quotes(colour(network));
  out << " kind=" << (network == absent ? "npu" : "switch") << "];\n";
}

/// The map of units is in the order of a walk through their tree, each before what lies in it.
void add_clusters(std::ostream& out, const Wiring& wiring, const Graph& whole) {
  std::size_t open = 0;
  const auto close_down_to = [&](std::size_t depth) {
    for (; open > depth; --open) out << "}\n";
  };
  for (const auto& [unit, nodes] : units(wiring, whole)) {
    if (!unit.empty()) {
      close_down_to(unit.size() - 1);
      open = unit.size();
      begin_cluster(out, wiring, unit);
    }
    for (const int node : nodes) add_node(out, wiring, whole.nodes[index(node)].key, node);
  }
  close_down_to(0);
}

void add_route(std::ostream& out, const Wiring& wiring, const Graph& whole, std::pair<int, int> ends) {
  const auto address = [&](int npu) {
    Address result{};
    for (std::size_t level = 0; level < result.size(); ++level)
      result[level] = std::max(0, whole.nodes[index(npu)].key.at[level]);
    return result;
  };
  const auto name = [&](int npu) { return escaped(node_name(wiring, whole.nodes[index(npu)].key)); };
  out << "    <route src=\"" << name(ends.first) << "\" dst=\"" << name(ends.second)
      << R"(" symmetrical="NO"><link_ctn id="endpoints"/>)";
  for (const LinkKey& link : wiring.route(address(ends.first), address(ends.second)))
    out << "<link_ctn id=\"" << escaped(link_name(wiring, link)) << "\"/>";
  out << "</route>\n";
}

}  // namespace

std::string dot(const Wiring& wiring) {
  const double nodes = graph_size(wiring, separate(wiring)).nodes;
  if (nodes > dot_limit)
    throw std::length_error("a Graphviz file is for fabrics of at most " + grouped(dot_limit) +
                            " NPUs and switches; this one has " + grouped(nodes));
  const Graph whole = graph(wiring);
  std::ostringstream out;
  out << "graph fabric {\nnode [shape=circle];\n";
  add_clusters(out, wiring, whole);
  struct Edge {
    double bandwidth = 0, latency = 0;
  };
  std::map<std::tuple<int, int, int>, Edge> edges;  // (ends, network): links each way
  for (const Graph::Link& link : whole.links) {
    const auto [low, high] = std::minmax(link.from, link.to);
    const LinkFamily& family = wiring.link_families()[index(link.key.family)];
    Edge& edge = edges[{low, high, family.network}];
    edge.bandwidth += link.bandwidth.in(BytesPerSecond{1}) / 2;
    edge.latency = std::max(edge.latency, family.latency.in(unit::s));
  }
  for (const auto& [ends, edge] : edges) {
    const auto [low, high, network] = ends;
    out << "n" << low << " -- n" << high << " [color=" << in_quotes(colour(network))
        << " tooltip=" << in_quotes(text(BytesPerSecond{edge.bandwidth}) + " each way")
        << " bandwidth=" << in_quotes(exactly(edge.bandwidth))
        << " latency=" << in_quotes(exactly(edge.latency)) << "];\n";
  }
  out << "}\n";
  return out.str();
}

std::string simgrid_xml(const Wiring& wiring) {
  if (npus(wiring.fabric()) > simgrid_limit)
    throw std::length_error("a SimGrid file is for fabrics of at most " + grouped(simgrid_limit) +
                            " NPUs, because it holds a route for each pair; this one has " +
                            grouped(static_cast<double>(npus(wiring.fabric()))));
  const Graph whole = graph(wiring);
  std::ostringstream out;
  out << "<?xml version=\"1.0\"?>\n<!DOCTYPE platform SYSTEM \"https://simgrid.org/simgrid.dtd\">\n<platform "
         "version=\"4.1\">\n"
      << "  <zone id=\"fabric\" routing=\"Full\">\n";
  for (int npu = 0; npu < whole.npus; ++npu)
    out << "    <host id=\"" << escaped(node_name(wiring, whole.nodes[index(npu)].key))
        << "\" speed=\"1Gf\"/>\n";
  out << R"(    <link id="endpoints" bandwidth="1e18Bps" latency=")"
      << exactly(wiring.fabric().endpoint_latency.value.in(unit::s)) << "s\" sharing_policy=\"FATPIPE\"/>\n";
  for (const Graph::Link& link : whole.links)
    out << "    <link id=\"" << escaped(link_name(wiring, link.key)) << "\" bandwidth=\""
        << exactly(link.bandwidth.in(BytesPerSecond{1})) << "Bps\" latency=\""
        << exactly(wiring.link_families()[index(link.key.family)].latency.in(unit::s)) << "s\"/>\n";
  for (int a = 0; a < whole.npus; ++a)
    for (int b = 0; b < whole.npus; ++b)
      if (a != b) add_route(out, wiring, whole, {a, b});
  out << "  </zone>\n</platform>\n";
  return out.str();
}

}  // namespace superpod::topology
