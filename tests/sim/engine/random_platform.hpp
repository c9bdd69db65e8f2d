/// Platforms of a few links and routes, of any size and shape.
#pragma once

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "sim/platform/platform.hpp"

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

}  // namespace superpod
