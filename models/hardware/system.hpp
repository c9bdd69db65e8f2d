/// A supernode or cluster: one kind of chip on a fabric.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/hardware/chip.hpp"
#include "models/hardware/entry.hpp"
#include "models/hardware/equipment.hpp"
#include "sim/values/describe.hpp"
#include "topology/fabric/fabric.hpp"

namespace superpod::models {

/// Which NPU of a graph follows which in rings and trees, and along the dimensions of a training.
enum class GraphOrder { nearness, file };

constexpr auto words(GraphOrder) {
  using std::pair, std::string_view;
  return std::array{pair{string_view{"nearness"}, GraphOrder::nearness},
                    pair{string_view{"file"}, GraphOrder::file}};
}

/// A fabric that somebody has drawn, cable by cable (topology/files/graph_file.hpp).
struct GraphSource {
  std::string file;
  GraphOrder order = GraphOrder::nearness;

  static constexpr std::string_view kind = "graph";
  static constexpr auto fields() {
    return std::tuple{
        required("file", &GraphSource::file,
                 "GraphML (.graphml), Graphviz (.dot, .gv) or SimGrid (.xml) file; a relative path begins at "
                 "the scenario's folder"),
        optional("order", &GraphSource::order,
                 "which NPU follows which in rings, in trees, and where a training is laid: so that "
                 "neighbours are "
                 "near, or as in the file; addresses count as in the file")};
  }
};

/// Either `levels` and `networks` say how its NPUs are joined, or a `graph` does.
struct System {
  std::string name;
  Entry<Chip> chip;
  std::vector<topology::Level> levels;
  std::vector<topology::Network> networks;
  std::optional<GraphSource> graph;
  Sourced<Seconds> endpoint_latency;
  std::vector<Equipment> equipment;
  std::vector<Cables> cables;
  std::vector<Switches> switches;
  std::map<std::string, Sourced<std::string>> facts;

  static constexpr std::string_view kind = "system";
  static constexpr auto fields() {
    return std::tuple{
        required("name", &System::name, "as its maker writes it"),
        required("chip", &System::chip, "catalogue name of its NPU, or a mapping that refines one"),
        optional("levels", &System::levels,
                 "outermost first; the product of their counts is the number of NPUs"),
        optional("networks", &System::networks, "innermost first; each level belongs to one"),
        optional("graph", &System::graph,
                 "instead of levels and networks: a fabric without levels, from a file"),
        optional("endpoint_latency", &System::endpoint_latency,
                 "paid once by each message, whatever its route", not_negative),
        optional("equipment", &System::equipment, "what it is built of beside its NPUs: nodes, cabinets"),
        optional("cables", &System::cables, "of which its networks are made, stage by stage"),
        optional("switches", &System::switches, "of its networks that stand in no equipment"),
        optional("facts", &System::facts, "what else is known, in words")};
  }

  [[nodiscard]] topology::Fabric fabric() const { return {levels, networks, endpoint_latency}; }
};

}  // namespace superpod::models
