#include "sim/version/version.hpp"

#include <gtest/gtest.h>

namespace superpod {
namespace {

TEST(Version, NamesTheCommit) { EXPECT_EQ(version_text({"0.1.0", "8d001884c2", ""}), "0.1.0 (8d001884c2)"); }

TEST(Version, TellsSourcesThatWereChangedFromTheirCommit) {
  EXPECT_EQ(version_text({"0.1.0", "8d001884c2", "5c1e9a2b"}), "0.1.0 (8d001884c2, modified 5c1e9a2b)");
}

TEST(Version, IsTheNumberAloneWithoutHistory) { EXPECT_EQ(version_text({"0.1.0", "", ""}), "0.1.0"); }

TEST(Version, OfThisProgramBeginsWithItsNumber) { EXPECT_TRUE(version().starts_with(SUPERPOD_NUMBER)); }

}  // namespace
}  // namespace superpod
