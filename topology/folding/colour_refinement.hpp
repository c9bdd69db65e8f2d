/// Which vertices of a weighted graph are alike, found by looking at every one of them.
///
/// Two vertices are told apart when their colours differ, or when the vertices of some class weigh
/// differently on them; and so on until nothing changes. What is left is the coarsest partition in which the
/// members of each class get equal sums from each class. Sums are compared as whole numbers of a grain (the
/// largest sum is about 2^61 of them), so that they do not hang on the order of their terms.
/// Source: Cardon & Crochemore, "Partitioning a graph in O(|A| log |V|)", TCS 19, 1982; Berkholz, Bonsma,
///         Grohe, "Tight lower and upper bounds for the complexity of canonical colour refinement", ESA 2013.
#pragma once

#include <algorithm>
#include <numeric>
#include <vector>

namespace superpod::topology {

/// `from` weighs on `to`. Where two tell each other apart there is one of each direction.
struct Influence {
  int from = 0, to = 0;
  double weight = 1;  ///< above zero
};

struct Partition {
  std::vector<int> of;  ///< [vertex] its class; classes count from 0, in the order of their first members
  int classes = 0;
};

/// Numbers of what tells vertices apart before any other is looked at: equal signatures, equal colours.
template <class Signature>
std::vector<int> colours_of(const std::vector<Signature>& signatures) {
  std::vector<int> order(signatures.size()), colours(signatures.size());
  std::iota(order.begin(), order.end(), 0);
  const auto signature = [&](int v) -> const Signature& { return signatures[static_cast<std::size_t>(v)]; };
  std::sort(order.begin(), order.end(), [&](int a, int b) { return signature(a) < signature(b); });
  for (std::size_t i = 1; i < order.size(); ++i)
    colours[static_cast<std::size_t>(order[i])] = colours[static_cast<std::size_t>(order[i - 1])] +
                                                  (signature(order[i - 1]) < signature(order[i]) ? 1 : 0);
  return colours;
}

/// Cost: O((V + E) log V) for V colours and E influences.
Partition refine(const std::vector<int>& colours, const std::vector<Influence>& influences);

}  // namespace superpod::topology
