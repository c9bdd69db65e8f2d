#pragma once

#include "analysis/result.hpp"
#include "topology/fabric/wiring.hpp"

namespace superpod::scenarios {

/// Adds the fabric for its picture: the table `levels`, the outermost first, and the table `network`, all its
/// families of links by the level whose units they join, with what the table `links` of the result says that
/// they carry; links that carry nothing are there, too. Without a table `links` it adds nothing.
void add_network(const topology::Wiring& wiring, analysis::Result& result);

}  // namespace superpod::scenarios
