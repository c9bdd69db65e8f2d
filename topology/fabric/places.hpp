/// NPUs, switches and links in words: `pod 3, cabinet 17, board 2, slot 5`.
#pragma once

#include <string>

#include "topology/fabric/wiring.hpp"

namespace superpod::topology {

/// The digits that there are, each with the name of its level; of nothing the empty text.
std::string in_words(const Wiring& wiring, const Address& at);

/// What kind of node it is, and where.
std::string in_words(const Wiring& wiring, const NodeKey& node);

/// The link's network, and its two ends.
std::string in_words(const Wiring& wiring, const LinkKey& link);

}  // namespace superpod::topology
