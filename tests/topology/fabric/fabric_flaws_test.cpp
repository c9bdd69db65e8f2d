// Sizes that no work can be laid on.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "topology/fabric/fabric.hpp"

namespace superpod::topology {
namespace {

std::vector<Flaw> flaws_of(const Network& network, int outer, int inner) {
  return flaws(Fabric{{{"outer", outer}, {"inner", inner}}, {network}, Seconds{1e-6}});
}

TEST(FabricFlaws, ASystemHasNoMoreThanTwoToTheThirtyNpus) {
  Clos clos;
  clos.name = "all";
  clos.levels = {"outer", "inner"};
  EXPECT_TRUE(flaws_of(clos, 1 << 15, 1 << 15).empty());
  const auto found = flaws_of(clos, 1 << 20, 1 << 11);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].key, "levels");
}

TEST(FabricFlaws, ARingIsNoLargerThanItsWorkAllows) {
  Torus torus;
  torus.name = "all";
  torus.levels = {"outer", "inner"};
  EXPECT_TRUE(flaws_of(torus, 4096, 4).empty());
  const auto found = flaws_of(torus, 4097, 4);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].key, "networks.0.levels");
}

}  // namespace
}  // namespace superpod::topology
