/// Which flows and links of a platform are alike, found by looking at every one of them (colour refinement).
///
/// Two links are told apart when their capacities differ or the flows of some class cross them differently
/// often, two flows when their sizes, latencies or counts differ or they cross the links of some class
/// differently often; and so on until nothing changes. What is left is the coarsest partition in which each
/// link of a class carries equally many flows of each flow class. Max-min fair rates are then equal within
/// each class: the fluid system of one member of each class, with these numbers, has a solution that solves
/// the whole system, and the solution is unique.
///
/// Orbits of symmetries are such a partition too, so refinement never finds more classes than there are
/// orbits. It is the generic check of folding, and folds fabrics that have no description by symmetry.
/// Source: Cardon & Crochemore, "Partitioning a graph in O(|A| log |V|)", TCS 19, 1982; Grohe, Kersting,
/// Mladenov, Selman,
///         "Dimension reduction via colour refinement", ESA 2014 (linear programmes).
#pragma once

#include <vector>

#include "sim/platform/platform.hpp"

namespace superpod::topology {

struct Classes {
  std::vector<int>
      of_route;              ///< [route] its class; classes count from 0, in the order of their first members
  std::vector<int> of_link;  ///< [link]
  int routes = 0;            ///< how many classes
  int links = 0;
};

/// What tells routes and links apart from the start, beside what the platform says of them.
struct Colours {
  std::vector<int> of_route;  ///< [route], or empty: no difference; e.g. one colour for each message size
  std::vector<int> of_link;   ///< [link]
};

/// Cost: O((V + E) log V) for V routes and links and E hops. Ranks and devices are not looked at.
Classes refine(const Platform& platform, const Colours& colours = {});

}  // namespace superpod::topology
