// Includes point down. The table of floors is the one in README.md; this test reads it there.

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <regex>
#include <set>
#include <string>

#include "tests/house/tree.hpp"

namespace superpod::house {
namespace {

/// From each floor to those that it may include: rows such as "| 3 | `models` | `topology`, `sim` |".
Arrows allowed() {
  static const std::regex row{R"(^\| \d \| `(\w+)` \|(.*)\|$)"}, word{"`(\\w+)`"};
  Arrows arrows;
  for (const std::string& line : file("README.md").lines)
    if (std::smatch match; std::regex_match(line, match, row)) {
      arrows[match.str(1)] = all_in(match.str(2), word);
      arrows[match.str(1)].insert(match.str(1));
    }
  return arrows;
}

TEST(Layers, TheTableOfTheReadmeHasEveryFloor) {
  const Arrows arrows = allowed();
  for (const std::string_view floor : floors) EXPECT_TRUE(arrows.contains(std::string{floor})) << floor;
}

TEST(Layers, IncludesPointDown) {
  const Arrows arrows = allowed();
  ASSERT_FALSE(includes().empty());
  for (const auto& [path, targets] : includes())
    for (const std::string& target : targets)
      EXPECT_TRUE(arrows.at(path.substr(0, path.find('/'))).contains(target.substr(0, target.find('/'))))
          << path << " includes " << target;
}

TEST(Layers, IncludesFormNoCircle) {
  std::set<std::string> done, open;
  const std::function<void(const std::string&)> visit = [&](const std::string& path) {
    EXPECT_TRUE(open.insert(path).second) << path << " includes itself by way of others";
    if (const auto found = includes().find(path); found != includes().end())
      for (const std::string& target : found->second)
        if (open.contains(target) || done.insert(target).second) visit(target);
    open.erase(path);
  };
  for (const auto& [path, targets] : includes())
    if (done.insert(path).second) visit(path);
}

}  // namespace
}  // namespace superpod::house
