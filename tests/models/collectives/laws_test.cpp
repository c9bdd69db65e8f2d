// Laws of physics and counting that every fabric and collective obeys.
#include <gtest/gtest.h>

#include "models/collectives/workload.hpp"
#include "sim/engine/engine.hpp"
#include "tests/models/small_fabrics.hpp"

namespace superpod::models {
namespace {

using namespace unit;

constexpr double rounding = 1e-9;  // relative

struct Case {
  NamedFabric named;
  CollectiveWorkload workload;
};

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const auto& named : small_fabrics())
    for (const auto& [word, operation] : words(Operation{}))
      for (const auto algorithm :
           {Algorithm::ring, Algorithm::halving_doubling, Algorithm::direct, Algorithm::hierarchical}) {
        CollectiveWorkload workload;
        workload.operation = operation;
        workload.algorithm = algorithm;
        workload.size = 64 * MB;
        if (flaws(workload, named.fabric).empty()) all.push_back({named, workload});
      }
  return all;
}

double time_of(const CollectiveWorkload& workload, const topology::Fabric& fabric) {
  const topology::Wiring wiring{fabric};
  const Work one = plan(workload, wiring, Detail::folded);
  return run(one.platform, one.work).makespan.in(s);
}

/// Every bandwidth of a network times `factor`.
void widen(topology::Network& network, double factor) {
  std::visit(
      [&](auto& net) {
        net.bandwidth.value *= factor;
        if constexpr (requires { net.trunk; }) net.trunk.value *= factor;
        if constexpr (requires { net.local; }) {
          net.local.value *= factor;
          net.global.value *= factor;
        }
      },
      network);
}

TEST(Laws, MoreBandwidthInOneNetworkIsNeverSlower) {
  for (const auto& [named, workload] : cases()) {
    const double before = time_of(workload, named.fabric);
    for (std::size_t n = 0; n < named.fabric.networks.size(); ++n) {
      topology::Fabric wider = named.fabric;
      widen(wider.networks[n], 1.5);
      EXPECT_LE(time_of(workload, wider), before * (1 + rounding)) << named.name << ", network " << n;
    }
  }
}

TEST(Laws, SizesAndRatesScaledAlikeChangeNothing) {
  for (const auto& [named, workload] : cases()) {
    topology::Fabric wider = named.fabric;
    for (auto& network : wider.networks) widen(network, 3);
    CollectiveWorkload larger = workload;
    larger.size = 3 * workload.size;
    const double before = time_of(workload, named.fabric);
    EXPECT_NEAR(time_of(larger, wider), before, rounding * before) << named.name;
  }
}

TEST(Laws, LargerMessageIsNeverFaster) {
  for (const auto& [named, workload] : cases()) {
    CollectiveWorkload larger = workload;
    larger.size = 1.1 * workload.size;
    EXPECT_GE(time_of(larger, named.fabric), time_of(workload, named.fabric)) << named.name;
  }
}

}  // namespace
}  // namespace superpod::models
