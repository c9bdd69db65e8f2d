#pragma once

#include <vector>

#include "topology/routing/routes.hpp"

namespace superpod::topology {

/// The degraded links of `routes`, those that fill a unit as one: where all values of a digit have the same
/// share of their bandwidth (the 64 uplinks of a cabinet that lost a switch), one key whose digit is `absent`
/// stands for them.
std::vector<LinkKey> degraded_units(const Routes& routes);

}  // namespace superpod::topology
