/// A graph with its faults: which of its cables are left, and how fast its NPUs are.
///
/// Parts go by the names that the file gives its nodes. What is dead is not there any more, so messages take
/// the shortest ways that are left; all faults of one link together leave the product of their shares.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/faults/faults.hpp"
#include "topology/cabling/cabling.hpp"
#include "topology/fabric/fabric.hpp"

namespace superpod::models {

/// What an entry of the list breaks; of those that are drawn each by itself.
struct BrokenPart {
  std::string key;                            ///< of its entry: `links.1`
  std::string words;                          ///< `the link between 'a' and 'b'`
  std::vector<std::pair<int, double>> links;  ///< of the graph, with the share that is left of each
};

struct DamagedCabling {
  topology::Cabling left;
  std::vector<BrokenPart> parts;
  std::vector<double> share;  ///< [link of the graph] of its bandwidth that is left; 0: it is not in `left`
  std::vector<double> speed;  ///< [NPU, as the graph lists them] of its computation
};

/// What is wrong with faults of a graph, what has no meaning there included: each with the key it concerns.
std::vector<topology::Flaw> flaws(const Faults& faults, const topology::Cabling& cabling, std::int64_t seed);

/// Throws std::invalid_argument unless flaws() finds nothing.
DamagedCabling damaged(const Faults& faults, const topology::Cabling& cabling, std::int64_t seed);

/// The part that, with those before it, cuts NPUs off from each other, and which.
struct Cut {
  std::string key, message;
};
/// None where every NPU has a way to every other.
std::optional<Cut> first_cut(const DamagedCabling& damage, const topology::Cabling& cabling);

}  // namespace superpod::models
