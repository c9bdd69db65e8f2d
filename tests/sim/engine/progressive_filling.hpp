/// Max-min fairness as the textbook defines it, from scratch at every change and in extended precision.
#pragma once

#include <vector>

#include "sim/platform/platform.hpp"

namespace superpod {

/// One move over a route, of which latency is no part.
struct Transfer {
  RouteId route = 0;
  double bytes = 0;  ///< of one flow
  double begin = 0;  ///< s
};

/// [transfer] when each arrives, in seconds. All rates rise alike until a link is full, whose flows then stay
/// as they are.
/// Source: Bertsekas & Gallager, "Data Networks", 1992, section 6.5.2.
std::vector<double> arrivals_by_progressive_filling(const Platform& platform,
                                                    const std::vector<Transfer>& transfers);

}  // namespace superpod
