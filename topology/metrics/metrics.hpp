/// What a fabric offers, in figures: its parts, its reach and its narrowest waist.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "topology/fabric/wiring.hpp"

namespace superpod::topology {

/// What the first half of a level's digits can send to the second half, over all NPUs with these digits.
struct Cut {
  int level = 0;
  int half = 0, rest = 0;    ///< digits on either side: floor(count / 2) and ceil(count / 2)
  BytesPerSecond bandwidth;  ///< largest flow from one side to the other, in that direction
  BytesPerSecond share;      ///< of it for each NPU on the smaller side
  bool exact = true;         ///< false: the fabric differs too much to be solved; this is an upper bound
};

/// One cut for each level of at least two, outermost first.
///
/// Of a fully symmetric level all splits into equal halves are alike; of a ring, and of other levels, the
/// halves are contiguous. Largest flow on the fabric merged by symmetry (see graph.hpp), so the size of the
/// fabric does not matter.
std::vector<Cut> cuts(const Wiring& wiring);

/// The cut that leaves least for each NPU; of equal ones an even split, then the outermost. None for a single
/// NPU.
std::optional<Cut> bisection(const Wiring& wiring);

/// How far NPUs are from each other. None where there is but one NPU.
struct Reach {
  int diameter = 0;           ///< links on a shortest path between the NPUs that are farthest apart
  Seconds nearest, farthest;  ///< unloaded latency of the fastest and the slowest route between two NPUs
};
std::optional<Reach> reach(const Wiring& wiring);

struct Metrics {
  struct Nodes {
    std::string name;
    double count = 0;
  };
  struct Links {
    std::string name;
    double count = 0;          ///< directed links
    double cables = 0;         ///< parallel ports of one link
    BytesPerSecond bandwidth;  ///< payload of one link
    Seconds latency;
    BytesPerSecond total;  ///< of all links of the family
  };
  double npus = 0;
  double npu_classes = 0;  ///< NPUs that symmetry does not make alike
  std::vector<Nodes> nodes;
  std::vector<Links> links;
  double ports = 0;          ///< outgoing ports of an NPU
  BytesPerSecond injection;  ///< of one NPU over all of them
  std::optional<Reach> reach;
  std::vector<Cut> cuts;
  std::optional<Cut> bisection;
};
Metrics metrics(const Wiring& wiring);

/// The figures as a text for people, in lines.
std::string text(const Wiring& wiring, const Metrics& metrics);

}  // namespace superpod::topology
