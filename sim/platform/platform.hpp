/// What tasks compete for: devices that do one thing at a time, and links whose rate is shared.
///
/// A platform may be *full* (each rank, link and flow stands for itself) or *folded* (each stands for a class
/// of equal ones). The engine treats both alike, because a class is written down by its totals:
///
/// - a link class of `count` links of bandwidth C has the capacity `count * C`;
/// - a route class of `flows` equal flows crosses a link class `times` times for each of its flows (a share,
///   where a flow is spread over several ways).
///
/// With x the rate of one flow, the capacity row of a link class is `sum over routes of flows * times * x <=
/// count * C`: the same inequality as that of each single link, multiplied by `count`.
#pragma once

#include <string>
#include <vector>

#include "sim/values/units.hpp"

namespace superpod {

using RankId = int;
using DeviceId = int;
using LinkId = int;
using RouteId = int;

struct Platform {
  /// A rank, or a class of ranks that do the same things at the same times.
  struct Rank {
    std::string name;
    double count = 1;  ///< ranks in this class
  };
  /// A stream of one rank: does one thing at a time, and among the tasks that are ready the one with the
  /// lowest id.
  struct Device {
    RankId rank = 0;
    std::string name;
  };
  struct Link {
    std::string name;          ///< names the class: `mesh slot`, `clos up`, ...
    double count = 1;          ///< directed links in this class
    BytesPerSecond bandwidth;  ///< of one link, in its direction
  };
  struct Hop {
    LinkId link = 0;
    double times = 1;  ///< bytes that cross links of this class for each byte of a flow: above zero
  };
  struct Route {
    RankId from = 0, to = 0;
    double flows = 1;  ///< equal flows that this route stands for
    Seconds latency;   ///< of the whole path, unloaded
    std::vector<Hop> hops;
    std::vector<RankId> also = {};  ///< further ranks that send or receive some of these flows
  };

  std::vector<Rank> ranks;
  std::vector<Device> devices;
  std::vector<Link> links;
  std::vector<Route> routes;
};

}  // namespace superpod
