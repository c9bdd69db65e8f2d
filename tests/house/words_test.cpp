// Nothing is left for later, and nothing belongs to one machine.

#include <gtest/gtest.h>

#include <regex>

#include "tests/house/tree.hpp"

namespace superpod::house {
namespace {

TEST(Words, NothingIsLeftForLater) {
  const std::regex later{
      "\\b(TO"
      "DO|FIX"
      "ME|HA"
      "CK)\\b"};
  for (const File& text : texts()) EXPECT_EQ(matches(text, later), "");
}

TEST(Words, NoPathIsThatOfOneMachine) {
  const std::regex path{R"((^|[\s"'=(`])/(home|root|work|mnt|media|Users|opt)/)"};
  for (const File& text : texts()) EXPECT_EQ(matches(text, path), "");
}

}  // namespace
}  // namespace superpod::house
