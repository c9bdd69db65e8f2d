// The engine against max-min fairness as the textbook defines it, worked out here by progressive filling.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "sim/engine.hpp"

namespace superpod {
namespace {

using namespace unit;

std::size_t index(int i) { return static_cast<std::size_t>(i); }

/// [route] rate of one flow, of the `active` routes: all rise alike until a link is full, whose routes then stay as they are.
/// Source: Bertsekas & Gallager, "Data Networks", 1992, section 6.5.2.
std::vector<double> max_min_rates(const Platform& platform, std::vector<int> active) {
  std::vector<double> rate(platform.routes.size());
  std::vector<double> left;
  for (const auto& link : platform.links) left.push_back(link.count * link.bandwidth.in(B / s));
  while (!active.empty()) {
    std::vector<double> flows(left.size());
    for (const int r : active)
      for (const auto& hop : platform.routes[index(r)].hops)
        flows[index(hop.link)] += hop.times * platform.routes[index(r)].flows;
    const auto share = [&](std::size_t link) { return left[link] / flows[link]; };
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t l = 0; l < left.size(); ++l)
      if (flows[l] > 0) least = std::min(least, share(l));
    const auto full = [&](const Platform::Hop& hop) { return share(index(hop.link)) <= least * (1 + 1e-12); };
    std::vector<int> rising, done;
    for (const int r : active)
      (std::ranges::any_of(platform.routes[index(r)].hops, full) ? done : rising).push_back(r);
    for (const int r : done) {
      rate[index(r)] = least;
      for (const auto& hop : platform.routes[index(r)].hops)
        left[index(hop.link)] -= least * hop.times * platform.routes[index(r)].flows;
    }
    active = std::move(rising);
  }
  return rate;
}

/// [route] when a move of `size` over it ends, if all begin at once.
std::vector<double> ends(const Platform& platform, const std::vector<double>& size) {
  std::vector<double> left = size, finish(size.size(), -1);
  const auto begins = [&](std::size_t r) { return platform.routes[r].latency.in(s); };
  for (double now = 0;;) {
    std::vector<int> active;
    double next = std::numeric_limits<double>::infinity();
    for (std::size_t r = 0; r < size.size(); ++r) {
      if (finish[r] >= 0) continue;
      if (begins(r) <= now)
        active.push_back(static_cast<int>(r));
      else
        next = std::min(next, begins(r));
    }
    const auto rate = max_min_rates(platform, active);
    double step = next - now;
    for (const int r : active) step = std::min(step, left[index(r)] / rate[index(r)]);
    if (!std::isfinite(step)) return finish;
    now = step == next - now ? next : now + step;
    for (const int r : active) {
      left[index(r)] -= rate[index(r)] * step;
      if (left[index(r)] <= size[index(r)] * 1e-12) finish[index(r)] = now;
    }
  }
}

class Random {
 public:
  explicit Random(unsigned seed) : random_{seed} {}
  int between(int low, int high) { return std::uniform_int_distribution<int>{low, high}(random_); }
  double magnitude(int most) { return between(1, 9) * std::pow(10.0, between(0, most)); }

  Platform platform(int most_of_a_class) {
    Platform platform;
    platform.ranks.push_back({"rank"});
    platform.devices.push_back({0, "compute"});
    const int links = between(1, 8);
    for (int l = 0; l < links; ++l)
      platform.links.push_back({"link", magnitude(most_of_a_class), between(1, 999) * GB / s});
    std::vector<int> order(index(links));
    for (int l = 0; l < links; ++l) order[index(l)] = l;
    for (int r = between(1, 20); r > 0; --r) {
      Platform::Route route{0, 0, magnitude(most_of_a_class), between(0, 50) * us, {}};
      std::shuffle(order.begin(), order.end(), random_);
      for (int h = between(1, links); h > 0; --h)
        route.hops.push_back({order[index(h - 1)], 1.0 * between(1, 4)});
      platform.routes.push_back(route);
    }
    return platform;
  }

 private:
  std::mt19937 random_;
};

TEST(MaxMin, FlowsEndWhenProgressiveFillingSaysSo) {
  constexpr double of_the_whole = 1e-9;  // what the project promises
  for (unsigned seed = 0; seed < 200; ++seed) {
    Random random{seed};
    const Platform platform = random.platform(4);
    TaskGraph work;
    std::vector<double> size;
    for (std::size_t r = 0; r < platform.routes.size(); ++r) {
      size.push_back(random.magnitude(9));
      work.move(static_cast<RouteId>(r), Bytes{size[r]}, work.label("flow", "test"));
    }
    const Trace trace = run(platform, work);
    const auto expected = ends(platform, size);
    for (std::size_t r = 0; r < expected.size(); ++r)
      EXPECT_NEAR(trace.tasks[r].finish.in(s), expected[r], of_the_whole * trace.makespan.in(s))
          << "seed " << seed << " route " << r;
  }
}

TEST(MaxMin, ClassesOfOneAndOfATrillionFlowsShareALink) {
  // As when each of a million ranks sends to each, and one cable is slow: one flow has a class of its own.
  Platform platform;
  platform.ranks.push_back({"rank"});
  platform.devices.push_back({0, "compute"});
  constexpr double ranks = 1e6;
  platform.links = {{"up", ranks, 100 * GB / s}, {"slow", 1, 1 * MB / s}};
  platform.routes = {{0, 0, ranks * ranks - 3, 1 * us, {{0, 1}}},
                     {0, 0, 1, 1 * us, {{0, 1}}},
                     {0, 0, 2, 1 * us, {{0, 1}, {1, 1}}}};
  TaskGraph work;
  const LabelId label = work.label("flow", "test");
  for (RouteId route = 0; route < 3; ++route) work.move(route, 1 * MB, label);
  const Trace trace = run(platform, work);
  // Two flows on the slow link have 0.5 MB/s each; all others 0.1 MB/s and what those two leave, which is nothing.
  const double share = (ranks * 100e9) / (ranks * ranks);
  EXPECT_NEAR(trace.tasks[2].finish.in(s), 1e6 / share, 1e-6 * 1e6 / share);
  EXPECT_NEAR(trace.tasks[0].finish.in(s), 1e6 / share, 1e-6 * 1e6 / share);
  EXPECT_NEAR(trace.tasks[1].finish.in(s), 1e6 / share, 1e-6 * 1e6 / share);
}

TEST(MaxMin, RefusesClassesThatItCannotTellApart) {
  Platform platform;
  platform.ranks.push_back({"rank"});
  platform.devices.push_back({0, "compute"});
  platform.links = {{"link", 1e9, 1 * GB / s}};
  platform.routes = {{0, 0, 1e15, 1 * us, {{0, 1}}}, {0, 0, 1, 1 * us, {{0, 1}}}};
  TaskGraph work;
  work.move(0, 1 * MB, work.label("flow", "test"));
  EXPECT_THROW(run(platform, work), std::runtime_error);
}

}  // namespace
}  // namespace superpod
