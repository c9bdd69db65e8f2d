/// Platforms of a few links and routes, of any size and shape, and work for them.
#pragma once

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "sim/platform/platform.hpp"
#include "sim/platform/task_graph.hpp"

namespace superpod {

class Random {
 public:
  explicit Random(unsigned seed) : random_{seed} {}

  int between(int low, int high) { return std::uniform_int_distribution<int>{low, high}(random_); }
  bool once_in(int n) { return between(1, n) == 1; }
  double share() { return std::uniform_real_distribution<double>{0, 1}(random_); }
  /// 1 to 9 times a power of ten from 0 to `most`.
  double magnitude(int most) { return between(1, 9) * std::pow(10.0, between(0, most)); }
  template <class T>
  void shuffle(std::vector<T>& what) {
    std::shuffle(what.begin(), what.end(), random_);
  }

 private:
  std::mt19937 random_;
};

struct Ranges {
  int links = 8, routes = 20;
  int count = 4;        ///< power of ten up to which links and flows are in a class
  bool whole = true;    ///< links are crossed a whole number of times
  bool latency = true;  ///< some routes have one
};

inline Platform random_platform(Random& random, const Ranges& upto) {
  using namespace unit;
  Platform platform;
  platform.ranks.push_back({"rank"});
  platform.devices.push_back({0, "compute"});
  const int links = random.between(1, upto.links);
  std::vector<LinkId> order;
  for (int l = 0; l < links; ++l) {
    platform.links.push_back({"link", random.magnitude(upto.count), random.between(1, 999) * GB / s});
    order.push_back(l);
  }
  for (int r = random.between(1, upto.routes); r > 0; --r) {
    const Seconds latency = upto.latency ? random.between(0, 50) * us : 0 * s;
    Platform::Route route{0, 0, random.magnitude(upto.count), latency, {}};
    random.shuffle(order);
    for (int h = random.between(1, links); h > 0; --h) {
      const double times = upto.whole ? random.between(1, 4) : 4 * random.share() + 1e-3;
      route.hops.push_back({order[static_cast<std::size_t>(h - 1)], times});
    }
    platform.routes.push_back(route);
  }
  return platform;
}

/// Moves and joins, and `occupations` in ten tasks, each of which may wait for some before it.
inline TaskGraph random_work(Random& random, const Platform& platform, int occupations) {
  TaskGraph work;
  const LabelId label = work.label("any", "test");
  const auto one_of = [&](const auto& all) { return random.between(0, static_cast<int>(all.size()) - 1); };
  for (int t = 0; t < random.between(1, 60); ++t) {
    TaskId task = -1;
    if (random.between(1, 10) <= occupations)
      task = work.occupy(one_of(platform.devices), Seconds{1e-6 * random.magnitude(6)}, label);
    else if (random.once_in(5))
      task = work.join();
    else
      task = work.move(one_of(platform.routes), Bytes{random.magnitude(9)}, label);
    for (int d = t == 0 ? 0 : random.between(0, 3); d > 0; --d) work.depend(task, random.between(0, t - 1));
  }
  return work;
}

}  // namespace superpod
