/// Fabrics for other programs: Graphviz and SimGrid.
#pragma once

#include <string>

#include "topology/fabric/wiring.hpp"

namespace superpod::topology {

/// Above this many nodes a Graphviz file is refused: nobody could lay it out, or read it.
inline constexpr int dot_limit = 4096;

/// A Graphviz graph: one cluster for each unit of each level, one edge for each pair of opposite links.
/// Nodes have the attribute `kind`, edges `bandwidth` (B/s) and `latency` (s), as graph_file.hpp reads them;
/// one edge stands for parallel links of a network. Throws std::length_error above dot_limit.
std::string dot(const Wiring& wiring);

/// Above this many NPUs a SimGrid file is refused: it holds a route for each ordered pair.
inline constexpr int simgrid_limit = 256;

/// A SimGrid platform file (DTD version 4.1): a host for each NPU, a link for each directed link, a route for
/// each ordered pair of NPUs. The latency of the endpoints is that of a link `endpoints` which all share
/// without contention. Hosts have a speed of 1 Gf, because a fabric knows no chip. Throws std::length_error
/// above simgrid_limit.
std::string simgrid_xml(const Wiring& wiring);

}  // namespace superpod::topology
