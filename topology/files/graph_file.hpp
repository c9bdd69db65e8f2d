/// Fabrics that others have drawn: GraphML, Graphviz and SimGrid files.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

#include "topology/cabling/cabling.hpp"

namespace superpod::topology {

/// What is wrong with a file: `fabric.graphml:12: ...`, without the line where the parser does not tell it.
struct GraphFileError : std::runtime_error {
  GraphFileError(const std::string& file, int line, const std::string& message)
      : std::runtime_error{file + (line > 0 ? ":" + std::to_string(line) : "") + ": " + message} {}
};

/// By the file's extension:
///
/// - `.graphml`, and `.dot` or `.gv` (Graphviz; what `superpod fabric --dot` writes as well): nodes have the
///   attribute `kind` (`npu` or `switch`), edges `bandwidth` and `latency`, as words with a unit (`400 Gb/s`,
///   `300 ns`) or as numbers in B/s and s. In an undirected graph each edge is a link in each direction.
/// - `.xml`: a SimGrid platform of one zone with `routing="Full"` (what `superpod fabric --simgrid` writes as
///   well): hosts are NPUs, and routes are as they are listed. The usual link is shared by both directions, a
///   SPLITDUPLEX link is two, a FATPIPE link limits each flow by itself.
///
/// NPUs are ranks in the order of the file; of a Graphviz file in the order of their names, numbers by their
/// value (n2 before n10). Throws GraphFileError; std::runtime_error with the path when the file cannot
/// be read.
Cabling read_cabling(const std::filesystem::path& path);

}  // namespace superpod::topology
