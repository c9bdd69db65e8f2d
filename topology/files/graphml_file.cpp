#include <boost/graph/graphml.hpp>
#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <sstream>

#include "topology/files/drawn_graph.hpp"
#include "topology/files/graph_file.hpp"

namespace superpod::topology {
namespace {

/// What Boost.Graph's reader tells of a file.
class Drawing : public boost::mutate_graph {
 public:
  Drawing(DrawnGraph& graph, bool directed) : graph_{graph} { graph_.directed = directed; }

  [[nodiscard]] bool is_directed() const override { return graph_.directed; }
  boost::any do_add_vertex() override {
    graph_.nodes.emplace_back();
    return graph_.nodes.size() - 1;
  }
  std::pair<boost::any, bool> do_add_edge(boost::any from, boost::any to) override {
    graph_.edges.push_back({static_cast<int>(place(from)), static_cast<int>(place(to)), {}});
    return {graph_.edges.size() - 1, true};
  }
  void set_graph_property(const std::string&, const std::string&, const std::string&) override {}
  void set_vertex_property(const std::string& name, boost::any node, const std::string& value,
                           const std::string&) override {
    graph_.nodes[place(node)].attributes[name] = value;
  }
  void set_edge_property(const std::string& name, boost::any edge, const std::string& value,
                         const std::string&) override {
    graph_.edges[place(edge)].attributes[name] = value;
  }

 private:
  static std::size_t place(const boost::any& of) { return boost::any_cast<std::size_t>(of); }
  DrawnGraph& graph_;
};

/// The reader keeps names to itself, but it numbers nodes in the order of the file, and behind them those
/// that only edges name.
void add_names(const std::string& text, DrawnGraph& graph) {
  namespace tree = boost::property_tree;
  std::istringstream in{text};
  tree::ptree root;
  tree::read_xml(in, root);
  std::size_t nodes = 0;
  for (const auto& [tag, child] : root.get_child("graphml.graph"))
    if (tag == "node" && nodes < graph.nodes.size())
      graph.nodes[nodes++].name = child.get("<xmlattr>.id", "");
  if (nodes < graph.nodes.size()) throw std::invalid_argument{"an edge ends at a node that is not there"};
}

}  // namespace

DrawnGraph read_graphml(const std::string& file, const std::string& text) {
  const auto read = [&](bool directed) {
    DrawnGraph graph;
    Drawing drawing{graph, directed};
    std::istringstream in{text};
    boost::read_graphml(in, drawing, 0);
    add_names(text, graph);
    return graph;
  };
  try {
    try {
      return read(false);
    } catch (const boost::directed_graph_error&) {
      return read(true);
    }
  } catch (const boost::property_tree::xml_parser_error& wrong) {
    throw GraphFileError{file, static_cast<int>(wrong.line()), wrong.message()};
  } catch (const boost::property_tree::ptree_error& wrong) {
    throw GraphFileError{file, 0, std::string{"this is not GraphML: "} + wrong.what()};
  } catch (const boost::parse_error& wrong) {
    throw GraphFileError{file, 0, wrong.error};
  } catch (const boost::graph_exception& wrong) {
    throw GraphFileError{file, 0, wrong.what()};
  }
}

}  // namespace superpod::topology
