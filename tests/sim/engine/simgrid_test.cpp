// The engine against max-min fairness as SimGrid's own network has it. In a program of its own, in which no
// run has set up SimGrid in our way: that can be done once a process.
#include <gtest/gtest.h>

#include "sim/engine/engine.hpp"
#include "tests/sim/engine/random_platform.hpp"
#include "tests/sim/engine/simgrid_network.hpp"

namespace superpod {
namespace {

using unit::s;

constexpr double promised = 1e-9;  // relative: folded and full runs must agree to this

TEST(SimGrid, WorkEndsWhenSimGridsOwnNetworkSaysSo) {
  for (unsigned seed = 0; seed < 400; ++seed) {
    Random random{seed};
    const Platform platform = random_platform(random, {});
    const TaskGraph work = random_work(random, platform, 0);
    const Trace trace = run_bare(platform, work);
    const auto expected = ends_by_simgrid(platform, work);
    for (std::size_t t = 0; t < expected.size(); ++t)
      EXPECT_NEAR(trace.tasks[t].finish.in(s), expected[t], promised * trace.makespan.in(s))
          << "seed " << seed << " task " << t;
  }
}

}  // namespace
}  // namespace superpod
