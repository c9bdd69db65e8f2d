#pragma once

#include <cstdint>
#include <vector>

#include "sim/engine/deadlines.hpp"
#include "sim/platform/platform.hpp"
#include "sim/platform/task_graph.hpp"

namespace superpod {

/// Flows in progress, which share the links that they cross max-min fairly.
///
/// The rate x of one flow of each route is the largest, in the order of the smallest first, for which each
/// link holds
///
///     sum over routes of (moves in progress) * flows * times * x  <=  count * bandwidth
///
/// found by progressive filling: the link that is full first fixes the rates of all that cross it, then the
/// next. Only what hangs together with a change, by links that moves in progress share, is solved again; all
/// moves on one route have one rate, so the solver sees routes, and counts how many bytes each has carried
/// since it was idle.
///
/// Valid:  rates are precise to rounding. Where a small class has what a large one leaves of a link that is
///         almost full, rounding is of the link's capacity: of one flow beside 1e12, with a share g of the
///         link left, 1e-16 / g. Links that are full at rates within 1e-13 of each other are taken to be full
///         at the same one.
/// Source: Bertsekas & Gallager, "Data Networks", 1992, section 6.5.2.
/// Cost:   of a change: hops of the moves that hang together with it, and l log l for their l links; O(1) for
///         a move that shares no link.
/// Memory: 52 bytes a route, 28 a hop, 56 a link, 24 a move in progress; and 16 for a route or link in the
///         largest change.
class FluidNetwork {
 public:
  explicit FluidNetwork(const Platform& platform);

  /// A move's bytes, of one flow, set out along a route. `now` never goes back.
  void start(TaskId move, RouteId route, double bytes, double now);

  /// Shares the links anew after what has started or arrived, and returns when the next move arrives.
  double share(double now);

  /// Appends the moves that arrive no later than `until`, which is `now` but for rounding.
  void take_arrived(double now, double until, std::vector<TaskId>& arrived);

 private:
  static constexpr std::int32_t none = -1;

  struct Link {
    double capacity = 0;
    double left = 0;           // of the capacity, by the flows whose rate is fixed
    double weight = 0;         // of the other flows
    double summed_weight = 0;  // when it was last summed up, not got by subtraction
    std::uint64_t seen = 0;    // in which component
    std::uint32_t first = 0;   // of the hops across it, in crossing_
    std::uint32_t active = 0;  // how many of them are of routes with moves in progress: these come first
    std::uint32_t rising = 0;  // how many of these have no fixed rate yet
  };
  struct Hop {
    double weight;     // flows * times
    std::uint32_t at;  // in crossing_
    std::int32_t link;
    RouteId route;
  };
  struct Route {
    double rate = 0;     // of one flow
    double carried = 0;  // bytes of one flow, from the last time that nothing was in progress until `since`
    double since = 0;
    std::uint64_t seen = 0;    // in which component
    std::uint32_t first = 0;   // of its hops
    std::uint32_t active = 0;  // moves in progress
    std::int32_t top = none;   // of these the one that arrives first
    bool changed = false;      // other moves than when its rate was last found
    bool fixed = false;
  };
  /// A move in progress: a node of its route's pairing heap.
  struct Move {
    double until;  // so many bytes have been carried
    TaskId task;
    std::int32_t child, sibling;
  };
  struct Level {
    double rate;  // at which this link is full
    std::int32_t link;
  };

  void lay_out(const Platform& platform);
  void activate(Route& route);
  void deactivate(Route& route);
  void mark_changed(RouteId route);
  std::int32_t merge(std::int32_t a, std::int32_t b);
  std::int32_t without_top(std::int32_t top);

  [[nodiscard]] bool shares_no_link(const Route& route) const;
  [[nodiscard]] double rate_alone(const Route& route) const;
  void explore(std::int32_t link);
  void see(std::int32_t link);
  void fill(double now);
  void fix_all_on(const Link& full, double rate, double now);
  void sum_weight(Link& link);
  void set_rate(RouteId route, double rate, double now);

  std::vector<Link> links_;
  std::vector<Route> routes_;            // and one more, where the last one's hops end
  std::vector<Hop> hops_;                // of one route after the other
  std::vector<std::uint32_t> crossing_;  // hops, of one link after the other
  std::vector<Move> moves_;
  std::int32_t free_move_ = none;
  Deadlines arrivals_;  // of the first move of each route

  // Kept from one call to the next, so that nothing is allocated.
  std::uint64_t component_ = 0;  // the latest
  std::vector<RouteId> changed_, due_;
  std::vector<std::int32_t> component_links_;
  std::vector<Level> levels_;
  std::vector<Deadlines::Entry> new_arrivals_;
};

}  // namespace superpod
