#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/graphviz.hpp>
#include <numeric>
#include <string_view>

#include "topology/files/drawn_graph.hpp"
#include "topology/files/graph_file.hpp"

namespace superpod::topology {
namespace {

constexpr const char* name_key = "node_id";  // as Boost.Graph calls it

/// Attributes of one name, of nodes or of edges, kept with the node or edge.
template <class Graph, class Key>
class Words : public boost::dynamic_property_map {
 public:
  Words(Graph& graph, std::string name) : graph_{graph}, name_{std::move(name)} {}

  boost::any get(const boost::any& key) override { return get_string(key); }
  std::string get_string(const boost::any& key) override { return of(key)[name_]; }
  void put(const boost::any& key, const boost::any& value) override {
    of(key)[name_] = boost::any_cast<std::string>(value);
  }
  [[nodiscard]] const std::type_info& key() const override { return typeid(Key); }
  [[nodiscard]] const std::type_info& value() const override { return typeid(std::string); }

 private:
  DrawnGraph::Attributes& of(const boost::any& key) { return graph_[boost::any_cast<Key>(key)]; }
  Graph& graph_;
  std::string name_;
};

/// Runs of digits by their value, all else by its letters: `n2` before `n10`.
bool before(std::string_view a, std::string_view b) {
  const auto number = [](std::string_view& words) {
    const std::size_t end = std::min(words.find_first_not_of("0123456789"), words.size());
    std::string_view digits = words.substr(0, end);
    words.remove_prefix(end);
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
    return std::pair{digits.size(), digits};
  };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  while (!a.empty() && !b.empty()) {
    if (is_digit(a.front()) && is_digit(b.front())) {
      const auto left = number(a), right = number(b);
      if (left != right) return left < right;
    } else {
      if (a.front() != b.front()) return a.front() < b.front();
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
  }
  return a.empty() && !b.empty();
}

/// Boost.Graph numbers the nodes in an order of its own.
void sort_nodes(DrawnGraph& graph) {
  std::vector<std::size_t> order(graph.nodes.size()), place(graph.nodes.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, before,
                           [&](std::size_t node) { return std::string_view{graph.nodes[node].name}; });
  std::vector<DrawnGraph::Node> nodes;
  for (std::size_t i = 0; i < order.size(); ++i) {
    place[order[i]] = i;
    nodes.push_back(std::move(graph.nodes[order[i]]));
  }
  graph.nodes = std::move(nodes);
  for (auto& edge : graph.edges) {
    edge.from = static_cast<int>(place[static_cast<std::size_t>(edge.from)]);
    edge.to = static_cast<int>(place[static_cast<std::size_t>(edge.to)]);
  }
}

template <class Directed>
DrawnGraph read(const std::string& text, bool directed) {
  using Graph = boost::adjacency_list<boost::vecS, boost::vecS, Directed, DrawnGraph::Attributes,
                                      DrawnGraph::Attributes>;
  using Node = typename Graph::vertex_descriptor;
  using Edge = typename Graph::edge_descriptor;
  Graph graph;
  boost::dynamic_properties properties{
      [&](const std::string& name, const boost::any& key,
          const boost::any&) -> boost::shared_ptr<boost::dynamic_property_map> {
        if (key.type() == typeid(Node)) return boost::make_shared<Words<Graph, Node>>(graph, name);
        if (key.type() == typeid(Edge)) return boost::make_shared<Words<Graph, Edge>>(graph, name);
        return {};  // of the graph as a whole
      }};
  boost::read_graphviz(text, graph, properties, name_key);
  DrawnGraph result;
  result.directed = directed;
  for (const auto node : boost::make_iterator_range(boost::vertices(graph)))
    result.nodes.push_back({graph[node][name_key], graph[node]});
  for (const auto edge : boost::make_iterator_range(boost::edges(graph)))
    result.edges.push_back({static_cast<int>(boost::source(edge, graph)),
                            static_cast<int>(boost::target(edge, graph)), graph[edge]});
  sort_nodes(result);
  return result;
}

}  // namespace

DrawnGraph read_dot(const std::string& file, const std::string& text) {
  try {
    try {
      return read<boost::undirectedS>(text, false);
    } catch (const boost::directed_graph_error&) {
      return read<boost::directedS>(text, true);
    }
  } catch (const boost::bad_graphviz_syntax& wrong) {
    throw GraphFileError{file, 0, wrong.errmsg};
  } catch (const boost::graph_exception& wrong) {
    throw GraphFileError{file, 0, wrong.what()};
  }
}

}  // namespace superpod::topology
