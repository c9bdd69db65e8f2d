#include "sim/engine/fluid_network.hpp"

#include <algorithm>
#include <limits>

#include "sim/values/index.hpp"

namespace superpod {
namespace {

/// Links that are full at rates no further apart are full at the same one: relative, some roundings of a sum.
constexpr double alike = 1e-13;

/// A weight that has shrunk so far by subtraction is summed up again: its rounding errors are of what it was.
constexpr double shrunk = 1.0 / 1024;

}  // namespace

FluidNetwork::FluidNetwork(const Platform& platform) : arrivals_{platform.routes.size()} {
  links_.reserve(platform.links.size());
  for (const Platform::Link& link : platform.links) {
    const double capacity = link.count * link.bandwidth.in(unit::B / unit::s);
    links_.push_back({.capacity = capacity});
  }
  lay_out(platform);
}

/// A route's hops across one link are one hop.
void FluidNetwork::lay_out(const Platform& platform) {
  routes_.resize(platform.routes.size() + 1);
  std::size_t hops = 0;
  for (const Platform::Route& route : platform.routes) hops += route.hops.size();
  hops_.reserve(hops);
  for (std::size_t r = 0; r < platform.routes.size(); ++r) {
    Route& route = routes_[r];
    route.first = static_cast<std::uint32_t>(hops_.size());
    for (const Platform::Hop& hop : platform.routes[r].hops) {
      Link& link = links_[index(hop.link)];
      const double weight = platform.routes[r].flows * hop.times;
      if (link.rising > 0 && link.first >= route.first) {  // here `first` is the last hop across it so far,
        hops_[link.first].weight += weight;
        continue;
      }
      link.first = static_cast<std::uint32_t>(hops_.size());
      ++link.rising;  // and `rising` counts the hops of all routes
      hops_.push_back({weight, 0, hop.link, static_cast<RouteId>(r)});
    }
  }
  routes_.back().first = static_cast<std::uint32_t>(hops_.size());
  crossing_.resize(hops_.size());
  std::uint32_t first = 0;
  for (Link& link : links_) {
    link.first = first;
    first += link.rising;
  }
}

void FluidNetwork::activate(Route& route) {
  for (std::uint32_t h = route.first; h < (&route + 1)->first; ++h) {
    Link& link = links_[index(hops_[h].link)];
    hops_[h].at = link.first + link.active++;
    crossing_[hops_[h].at] = h;
  }
}

void FluidNetwork::deactivate(Route& route) {
  for (std::uint32_t h = route.first; h < (&route + 1)->first; ++h) {
    Link& link = links_[index(hops_[h].link)];
    const std::uint32_t last = crossing_[link.first + --link.active];
    hops_[last].at = hops_[h].at;
    crossing_[hops_[h].at] = last;
  }
  route.rate = route.carried = 0;
}

void FluidNetwork::mark_changed(RouteId route) {
  if (routes_[index(route)].changed) return;
  routes_[index(route)].changed = true;
  changed_.push_back(route);
}

std::int32_t FluidNetwork::merge(std::int32_t a, std::int32_t b) {
  if (a == none) return b;
  if (b == none) return a;
  if (moves_[index(b)].until < moves_[index(a)].until) std::swap(a, b);
  moves_[index(b)].sibling = moves_[index(a)].child;
  moves_[index(a)].child = b;
  return a;
}

/// What a pairing heap is without its top: the children merged two by two, then the pairs.
std::int32_t FluidNetwork::without_top(std::int32_t top) {
  std::int32_t pairs = none;
  for (std::int32_t child = moves_[index(top)].child; child != none;) {
    const std::int32_t second = moves_[index(child)].sibling;
    const std::int32_t rest = second == none ? none : moves_[index(second)].sibling;
    const std::int32_t pair = merge(child, second);
    moves_[index(pair)].sibling = pairs;
    pairs = pair;
    child = rest;
  }
  std::int32_t all = none;
  while (pairs != none) {
    const std::int32_t rest = moves_[index(pairs)].sibling;
    all = merge(all, pairs);
    pairs = rest;
  }
  return all;
}

void FluidNetwork::start(TaskId task, RouteId to, double bytes, double now) {
  Route& route = routes_[index(to)];
  std::int32_t move = free_move_;
  if (move == none) {
    move = static_cast<std::int32_t>(moves_.size());
    moves_.emplace_back();
  } else {
    free_move_ = moves_[index(move)].sibling;
  }
  const double carried = route.carried + route.rate * (now - route.since);
  moves_[index(move)] = {carried + bytes, task, none, none};
  if (route.active++ == 0) activate(route);
  route.top = merge(route.top, move);
  mark_changed(to);
}

void FluidNetwork::take_arrived(double now, double until, std::vector<TaskId>& arrived) {
  if (arrivals_.next() > until) return;
  due_.clear();
  arrivals_.take_until(until, due_);
  for (const RouteId at : due_) {
    Route& route = routes_[index(at)];
    route.carried =
        std::max(route.carried + route.rate * (now - route.since), moves_[index(route.top)].until);
    route.since = now;
    const double all_but_rounding = route.carried + route.rate * (until - now);
    do {
      const std::int32_t move = route.top;
      arrived.push_back(moves_[index(move)].task);
      route.top = without_top(move);
      moves_[index(move)].sibling = free_move_;
      free_move_ = move;
      --route.active;
    } while (route.active > 0 && moves_[index(route.top)].until <= all_but_rounding);
    if (route.active == 0) deactivate(route);
    mark_changed(at);
  }
}

double FluidNetwork::share(double now) {
  if (changed_.empty()) return arrivals_.next();
  const std::uint64_t before = component_;
  for (const RouteId r : changed_) {
    Route& route = routes_[index(r)];
    if (route.active > 0 && shares_no_link(route)) {
      set_rate(r, rate_alone(route), now);
      continue;
    }
    for (std::uint32_t h = route.first; h < (&route + 1)->first; ++h) {
      const Link& link = links_[index(hops_[h].link)];
      if (link.active > 0 && link.seen <= before) {
        explore(hops_[h].link);
        fill(now);
      }
    }
    route.changed = false;
  }
  changed_.clear();
  arrivals_.set(new_arrivals_);
  new_arrivals_.clear();
  return arrivals_.next();
}

bool FluidNetwork::shares_no_link(const Route& route) const {
  for (std::uint32_t h = route.first; h < (&route + 1)->first; ++h)
    if (links_[index(hops_[h].link)].active > 1) return false;
  return true;
}

double FluidNetwork::rate_alone(const Route& route) const {
  double rate = std::numeric_limits<double>::infinity();
  for (std::uint32_t h = route.first; h < (&route + 1)->first; ++h)
    rate = std::min(rate, links_[index(hops_[h].link)].capacity / (hops_[h].weight * route.active));
  return rate;
}

void FluidNetwork::see(std::int32_t link) {
  if (links_[index(link)].seen == component_) return;
  links_[index(link)].seen = component_;
  component_links_.push_back(link);
}

/// Finds what hangs together with this link.
void FluidNetwork::explore(std::int32_t start) {
  ++component_;
  component_links_.clear();
  see(start);
  for (std::size_t l = 0; l < component_links_.size(); ++l) {
    Link& link = links_[index(component_links_[l])];
    link.left = link.capacity;
    link.rising = link.active;
    link.weight = 0;
    for (std::uint32_t c = link.first; c < link.first + link.active; ++c) {
      const Hop& hop = hops_[crossing_[c]];
      Route& route = routes_[index(hop.route)];
      link.weight += hop.weight * route.active;
      if (route.seen == component_) continue;
      route.seen = component_;
      route.fixed = false;
      for (std::uint32_t h = route.first; h < (&route + 1)->first; ++h) see(hops_[h].link);
    }
    link.summed_weight = link.weight;
  }
}

/// All rates rise alike until a link is full: those that cross it stay as they are, and the others go on.
void FluidNetwork::fill(double now) {
  const auto later = [](const Level& a, const Level& b) { return a.rate > b.rate; };
  levels_.clear();
  for (const std::int32_t l : component_links_)
    levels_.push_back({links_[index(l)].left / links_[index(l)].weight, l});
  std::ranges::make_heap(levels_, later);
  double rate = 0;
  while (!levels_.empty()) {
    std::ranges::pop_heap(levels_, later);
    Level& first = levels_.back();
    const Link& link = links_[index(first.link)];
    if (link.rising > 0) {
      const double full_at = std::max(link.left, 0.0) / link.weight;
      if (full_at > first.rate * (1 + alike)) {  // others have been fixed below their share of it
        first.rate = full_at;
        std::ranges::push_heap(levels_, later);
        continue;
      }
      if (full_at > rate * (1 + alike)) rate = full_at;
      fix_all_on(link, rate, now);
    }
    levels_.pop_back();
  }
}

void FluidNetwork::fix_all_on(const Link& full, double rate, double now) {
  for (std::uint32_t c = full.first; c < full.first + full.active; ++c) {
    const RouteId r = hops_[crossing_[c]].route;
    Route& route = routes_[index(r)];
    if (route.fixed) continue;
    route.fixed = true;
    for (std::uint32_t h = route.first; h < (&route + 1)->first; ++h) {
      Link& link = links_[index(hops_[h].link)];
      const double weight = hops_[h].weight * route.active;
      link.left -= weight * rate;
      link.weight -= weight;
      if (--link.rising > 0 && link.weight < shrunk * link.summed_weight) sum_weight(link);
    }
    set_rate(r, rate, now);
  }
}

void FluidNetwork::sum_weight(Link& link) {
  link.weight = 0;
  for (std::uint32_t c = link.first; c < link.first + link.active; ++c) {
    const Hop& hop = hops_[crossing_[c]];
    const Route& route = routes_[index(hop.route)];
    if (!route.fixed) link.weight += hop.weight * route.active;
  }
  link.summed_weight = link.weight;
}

void FluidNetwork::set_rate(RouteId r, double rate, double now) {
  Route& route = routes_[index(r)];
  if (rate == route.rate && !route.changed) return;
  route.carried += route.rate * (now - route.since);
  route.since = now;
  route.rate = rate;
  route.changed = false;
  const double left = std::max(moves_[index(route.top)].until - route.carried, 0.0);
  new_arrivals_.push_back({now + left / rate, r});
}

}  // namespace superpod
