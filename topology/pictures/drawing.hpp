/// A picture of a fabric that a person understands: from the whole to one NPU, each unit opened in its turn.
#pragma once

#include <string>
#include <string_view>

#include "topology/fabric/wiring.hpp"

namespace superpod::topology {

/// An SVG picture, 560 units wide, that follows the reader's light or dark colours. From the top: who joins
/// the units of the outermost level, and how; then one of these units from the inside; at last the ports of
/// one NPU.
///
/// Large levels are drawn with their first units, a gap and the last; the words beside them give the true
/// counts. The same wiring and name give the same text.
std::string svg(const Wiring& wiring, std::string_view name = {});

}  // namespace superpod::topology
