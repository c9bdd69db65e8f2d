/// The ways of messages through a cabling.
///
/// A message takes all shortest ways (in links) at once, each with an equal part of it; parallel cables are
/// ways of their own. NPUs pass on what is not for them only between NPUs that no switches join: a way goes
/// over switches alone where there is such a way, however long. Where the cabling gives a route, that is the
/// way.
#pragma once

#include <vector>

#include "topology/cabling/cabling.hpp"

namespace superpod::topology {

struct CablePath {
  struct Hop {
    int link = 0;
    double share = 1;  ///< of the message's bytes; more than 1 where a given route crosses it again
  };
  std::vector<Hop> hops;  ///< each link once
  int links = 0;          ///< of each of the ways
  Seconds latency;        ///< of the links of the slowest way
};

/// Shortest ways from one node: a search that goes as far as it was asked.
class CableSearch {
 public:
  /// `cabling` must outlive the search.
  CableSearch(const Cabling& cabling, bool npus_pass_on);

  void start(int from);

  /// False where there is no way.
  bool reach(int to);

  /// In links, to a node that was reached.
  [[nodiscard]] int distance(int to) const { return distance_[static_cast<std::size_t>(to)]; }

  /// To a node that was reached. Method: the number of shortest ways through a link over that of all, counted
  /// from both ends (Brandes, "A faster algorithm for betweenness centrality", J. Mathematical Sociology
  /// 25(2), 2001).
  /// Cost: O(links that enter the nodes on the ways).
  [[nodiscard]] CablePath path(int to);

 private:
  /// Links that leave, or enter, each node.
  struct Ends {
    std::vector<int> links;
    std::vector<std::size_t> first;
    Ends(const Cabling& cabling, int Cabling::Link::*end);
  };
  [[nodiscard]] bool passes_on(int node) const;

  const Cabling& cabling_;
  bool npus_pass_on_;
  Ends out_, in_;
  int from_ = 0;
  std::vector<int> distance_;           // [node]; -1: not reached
  std::vector<double> ways_;            // [node] shortest ways from `from_`
  std::vector<int> reached_;            // in order of distance
  std::size_t expanded_ = 0;            // of these, how many have handed on their ways
  std::vector<double> onward_, delay_;  // [node] ways, and time, from it to the end of a path: scratch
};

class CablingRoutes {
 public:
  /// `cabling` must outlive the routes.
  explicit CablingRoutes(const Cabling& cabling);

  /// Quick where paths from one node are asked for one after the other. Throws Unreachable, which names the
  /// two.
  [[nodiscard]] CablePath path(int from, int to);

 private:
  const Cabling& cabling_;
  CableSearch over_switches_, over_all_;
  int from_ = -1;
  bool over_all_started_ = false;
};

}  // namespace superpod::topology
