/// Links and switches of a network by number, to draw some at random, and by name, to say which they were.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "topology/fabric/wiring.hpp"

namespace superpod::topology {

// Each directed link of a network, and each unit's switch (of all planes together), by a number from 0. The
// top of a Clos with tiers is no unit's: it is left out.
std::int64_t links_in(const Wiring& wiring, int network);
LinkKey link_numbered(const Wiring& wiring, int network, std::int64_t number);
std::int64_t switches_in(const Wiring& wiring, int network);
NodeKey switch_numbered(const Wiring& wiring, int network, std::int64_t number);

/// The addresses that tell a link from others, as faults name them: its ends; of a link up or down only the
/// lower one; of a global link of a dragonfly the groups.
struct Ends {
  std::optional<Address> from, to;
};
Ends named_ends(const Wiring& wiring, const LinkKey& link);

/// `[3, 17, 2, 5]`; the digits of the level that are absent are left out, and what follows them is the rail:
/// `[3] rail [5]`.
std::string address_text(const Wiring& wiring, const Address& at);

/// `board mesh [3, 17, 2, 5] to [3, 17, 2, 6]`, `pod clos [3, 17] up`.
std::string name_of(const Wiring& wiring, const LinkKey& link);

const std::string& name_of(const Network& network);

}  // namespace superpod::topology
