/// Which digits of a level are merged when a question does not tell them apart.
///
/// Each partition below consists of orbits: of the permutations of a level's digit that leave the wiring as
/// it is and also what the question singles out (one NPU, or one half of a level). Links and nodes of one
/// orbit are alike, so a graph with one node for each orbit answers the question for the whole fabric.
#pragma once

#include <vector>

#include "topology/fabric/wiring.hpp"

namespace superpod::topology {

/// The digits of one level, merged: [digit] its cell. Cells count from 0, in the order of their first digits.
using Cells = std::vector<int>;

/// Nothing is merged: each digit is its own cell, on each level.
std::vector<Cells> separate(const Wiring& wiring);

/// What one NPU can tell apart: of a fully symmetric level only its own digit; of a ring the distance to its
/// own digit; of other levels each digit.
std::vector<Cells> seen_from(const Wiring& wiring, const Address& npu);

/// The first floor(count / 2) digits of a level against the others. The two halves are two cells when the
/// level is fully symmetric, else each digit of that level is its own cell; the other levels are merged as
/// far as they are symmetric.
std::vector<Cells> halved(const Wiring& wiring, int level);

/// First digit of each cell, and how many digits it has.
struct Cell {
  int first = 0;
  int size = 0;
};
std::vector<Cell> sizes(const Cells& cells);

/// One NPU of each class of NPUs that the wiring's symmetry makes alike.
std::vector<Address> representatives(const Wiring& wiring);

}  // namespace superpod::topology
