#include "tests/sim/engine/progressive_filling.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/values/index.hpp"

namespace superpod {
namespace {

using Real = long double;
constexpr Real never = std::numeric_limits<Real>::infinity();

/// [of active] rate of one flow of the route that stands there.
std::vector<Real> max_min_rates(const Platform& platform, const std::vector<RouteId>& active) {
  std::vector<Real> rate(active.size());
  std::vector<Real> left;
  for (const auto& link : platform.links)
    left.push_back(Real{link.count} * link.bandwidth.in(unit::B / unit::s));
  std::vector<std::size_t> rising;
  for (std::size_t a = 0; a < active.size(); ++a) rising.push_back(a);
  const auto route = [&](std::size_t a) -> const Platform::Route& {
    return platform.routes[index(active[a])];
  };
  for (Real highest = 0; !rising.empty();) {
    std::vector<Real> flows(left.size());
    for (const std::size_t a : rising)
      for (const auto& hop : route(a).hops) flows[index(hop.link)] += Real{hop.times} * route(a).flows;
    Real least = never;
    for (std::size_t l = 0; l < left.size(); ++l)
      if (flows[l] > 0) least = std::min(least, left[l] / flows[l]);
    highest = std::max(highest, least);  // below it only by rounding
    const auto full = [&](const Platform::Hop& hop) {
      return left[index(hop.link)] / flows[index(hop.link)] <= highest * (1 + Real{1e-14});
    };
    std::vector<std::size_t> others;
    std::vector<std::size_t> fixed;
    for (const std::size_t a : rising)
      (std::ranges::any_of(route(a).hops, full) ? fixed : others).push_back(a);
    for (const std::size_t a : fixed) {
      rate[a] = highest;
      for (const auto& hop : route(a).hops) left[index(hop.link)] -= highest * hop.times * route(a).flows;
    }
    rising = std::move(others);
  }
  return rate;
}

}  // namespace

std::vector<double> arrivals_by_progressive_filling(const Platform& platform,
                                                    const std::vector<Transfer>& transfers) {
  std::vector<double> arrival(transfers.size(), -1);
  std::vector<Real> left;
  for (const Transfer& transfer : transfers) left.push_back(transfer.bytes);
  for (Real now = 0;;) {
    std::vector<RouteId> active;
    std::vector<std::size_t> of;
    Real next = never;
    for (std::size_t t = 0; t < transfers.size(); ++t) {
      if (arrival[t] >= 0) continue;
      if (transfers[t].begin > now) {
        next = std::min<Real>(next, transfers[t].begin);
        continue;
      }
      active.push_back(transfers[t].route);
      of.push_back(t);
    }
    const std::vector<Real> rate = max_min_rates(platform, active);
    Real step = next - now;
    for (std::size_t a = 0; a < of.size(); ++a) step = std::min(step, left[of[a]] / rate[a]);
    if (!std::isfinite(step)) return arrival;
    now = step == next - now ? next : now + step;
    for (std::size_t a = 0; a < of.size(); ++a) {
      left[of[a]] -= rate[a] * step;
      if (left[of[a]] <= Real{1e-14} * transfers[of[a]].bytes) arrival[of[a]] = static_cast<double>(now);
    }
  }
}

}  // namespace superpod
