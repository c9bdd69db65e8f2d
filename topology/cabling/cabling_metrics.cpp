#include "topology/cabling/cabling_metrics.hpp"

#include <algorithm>
#include <tuple>
#include <vector>

#include "topology/cabling/cabling_routes.hpp"
#include "topology/fabric/fabric.hpp"
#include "topology/folding/colour_refinement.hpp"

namespace superpod::topology {
namespace {

/// Nodes, then links; the beginning of a link is not its end.
Partition alike(const Cabling& cabling) {
  constexpr double from = 1, to = 1.6180339887498949;
  std::vector<std::tuple<int, double, double>> signatures;
  for (const auto& node : cabling.nodes) signatures.emplace_back(node.npu ? 1 : 0, 0, 0);
  std::vector<Influence> influences;
  for (const auto& link : cabling.links) {
    const int vertex = static_cast<int>(signatures.size());
    signatures.emplace_back(2, link.bandwidth.in(BytesPerSecond{1}), link.latency.in(unit::s));
    influences.insert(
        influences.end(),
        {{link.from, vertex, from}, {vertex, link.from, from}, {link.to, vertex, to}, {vertex, link.to, to}});
  }
  return refine(colours_of(signatures), influences);
}

/// The longest of the shortest ways from one NPU to all others, as messages go.
std::optional<int> farthest(CableSearch& over_switches, CableSearch& over_all, int from,
                            const std::vector<int>& npus) {
  over_switches.start(from);
  over_all.start(from);
  int most = 0;
  for (const int to : npus) {
    if (over_switches.reach(to))
      most = std::max(most, over_switches.distance(to));
    else if (over_all.reach(to))
      most = std::max(most, over_all.distance(to));
    else
      return std::nullopt;
  }
  return most;
}

CablingMetrics::Graph graph_of(const Cabling& cabling, const std::vector<int>& npus) {
  const Partition partition = alike(cabling);
  CableSearch over_switches{cabling, false}, over_all{cabling, true};
  CablingMetrics::Graph graph{0, 0};
  std::vector<bool> seen(static_cast<std::size_t>(partition.classes));
  for (const int npu : npus) {
    const auto its = static_cast<std::size_t>(partition.of[static_cast<std::size_t>(npu)]);
    if (seen[its]) continue;
    seen[its] = true;
    ++graph.npu_classes;
    const auto distance = graph.diameter ? farthest(over_switches, over_all, npu, npus) : std::nullopt;
    graph.diameter = distance ? std::optional{std::max(*graph.diameter, *distance)} : std::nullopt;
  }
  return graph;
}

}  // namespace

CablingMetrics metrics(const Cabling& cabling) {
  const std::vector<int> npus = npus_of(cabling);
  CablingMetrics result;
  result.npus = static_cast<int>(npus.size());
  result.switches = static_cast<int>(cabling.nodes.size()) - result.npus;
  result.links = static_cast<int>(cabling.links.size());
  if (std::ranges::find(cabling.links, absent, &Cabling::Link::from) == cabling.links.end())
    result.graph = graph_of(cabling, npus);
  return result;
}

std::string text(const CablingMetrics& metrics) {
  const auto line = [](const std::string& name, const std::string& value) {
    return "  " + name + std::string(18 - name.size(), ' ') + value + "\n";
  };
  std::string out = line("NPUs", std::to_string(metrics.npus)) +
                    line("switches", std::to_string(metrics.switches)) +
                    line("directed links", std::to_string(metrics.links));
  if (!metrics.graph) return out + "  routes are given, not cables: no more can be told\n";
  out += line("classes of NPUs", std::to_string(metrics.graph->npu_classes));
  return out + line("diameter", metrics.graph->diameter ? std::to_string(*metrics.graph->diameter) + " links"
                                                        : "none: some NPUs cannot reach others");
}

}  // namespace superpod::topology
