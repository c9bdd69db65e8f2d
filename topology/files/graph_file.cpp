#include "topology/files/graph_file.hpp"

#include <charconv>
#include <fstream>
#include <sstream>
#include <variant>

#include "sim/values/index.hpp"
#include "sim/values/quantity_text.hpp"
#include "topology/files/drawn_graph.hpp"

namespace superpod::topology {
namespace {

/// A bare number is in base units.
template <class Q>
Q quantity_in(const std::string& words) {
  double number = 0;
  const auto [end, error] = std::from_chars(words.data(), words.data() + words.size(), number);
  if (error == std::errc{} && end == words.data() + words.size()) return Q{number};
  const auto read = parse<Q>(words);
  if (const auto* wrong = std::get_if<TextError>(&read)) throw std::invalid_argument{wrong->message};
  return std::get<Q>(read);
}

const std::string& attribute(const DrawnGraph::Attributes& attributes, const std::string& name) {
  const auto found = attributes.find(name);
  if (found == attributes.end()) throw std::invalid_argument{"it has no attribute '" + name + "'"};
  return found->second;
}

Cabling::Node node_of(const DrawnGraph::Node& drawn) {
  try {
    const std::string& kind = attribute(drawn.attributes, "kind");
    if (kind != "npu" && kind != "switch")
      throw std::invalid_argument{"'" + kind + "' is not a kind of node: npu or switch"};
    return {drawn.name, kind == "npu"};
  } catch (const std::invalid_argument& wrong) {
    throw std::invalid_argument{"node '" + drawn.name + "': " + wrong.what()};
  }
}

Cabling::Link link_of(const DrawnGraph& graph, const DrawnGraph::Edge& edge) {
  try {
    return {edge.from, edge.to, bandwidth_in(attribute(edge.attributes, "bandwidth")),
            latency_in(attribute(edge.attributes, "latency"))};
  } catch (const std::invalid_argument& wrong) {
    throw std::invalid_argument{"edge from '" + graph.nodes[index(edge.from)].name + "' to '" +
                                graph.nodes[index(edge.to)].name + "': " + wrong.what()};
  }
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  std::ostringstream text;
  if (!in || std::filesystem::is_directory(path) || !(text << in.rdbuf()))
    throw std::runtime_error{path.string() + ": cannot be read"};
  return text.str();
}

}  // namespace

BytesPerSecond bandwidth_in(const std::string& words) {
  const auto bandwidth = quantity_in<BytesPerSecond>(words);
  if (!(bandwidth > BytesPerSecond{}))
    throw std::invalid_argument{"a bandwidth is above zero, not '" + words + "'"};
  return bandwidth;
}

Seconds latency_in(const std::string& words) {
  const auto latency = quantity_in<Seconds>(words);
  if (!(latency >= Seconds{}))
    throw std::invalid_argument{"a latency is not negative, but '" + words + "' is"};
  return latency;
}

Cabling cabling_of(const DrawnGraph& graph) {
  Cabling cabling;
  for (const auto& node : graph.nodes) cabling.nodes.push_back(node_of(node));
  for (const auto& edge : graph.edges) {
    const Cabling::Link link = link_of(graph, edge);
    cabling.links.push_back(link);
    if (!graph.directed) cabling.links.push_back({link.to, link.from, link.bandwidth, link.latency});
  }
  return cabling;
}

Cabling read_cabling(const std::filesystem::path& path) {
  const std::string file = path.string(), kind = path.extension().string();
  try {
    Cabling cabling;
    if (kind == ".graphml")
      cabling = cabling_of(read_graphml(file, text_of(path)));
    else if (kind == ".dot" || kind == ".gv")
      cabling = cabling_of(read_dot(file, text_of(path)));
    else if (kind == ".xml")
      cabling = read_simgrid_xml(file, text_of(path));
    else
      throw std::invalid_argument{"'" + kind +
                                  "' is no kind of graph file: .graphml, .dot, .gv or .xml (SimGrid)"};
    if (npus_of(cabling).empty()) throw std::invalid_argument{"there is no NPU in it"};
    return cabling;
  } catch (const std::invalid_argument& wrong) {
    throw GraphFileError{file, 0, wrong.what()};
  }
}

}  // namespace superpod::topology
