// Includes and links point down. The table of floors is the one in README.md; this test reads it there.

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

using Arrows = std::map<std::string, std::set<std::string>>;

std::set<std::string> all_in(const std::string& text, const std::regex& pattern) {
  std::set<std::string> found;
  for (std::sregex_iterator match{text.begin(), text.end(), pattern}, end; match != end; ++match)
    found.insert(match->str(1));
  return found;
}

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

std::string joined(const File& file) {
  std::string text;
  for (const std::string& line : file.lines) text += line.substr(0, line.find('#')) + "\n";
  return text;
}

/// From each file of the program to the project's files that it includes.
const Arrows& includes() {
  static const Arrows arrows = [] {
    static const std::regex include{R"re(^\s*#include "([^"]+)")re"};
    Arrows all;
    for (const File& file : program())
      for (const std::string& line : file.lines)
        for (const std::string& target : all_in(line, include)) all[file.path].insert(target);
    return all;
  }();
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

/// From each library of the project to the floor on which it is made.
std::map<std::string, std::string> floors_of_targets() {
  static const std::regex library{R"(superpod_library\((\w+))"};
  std::map<std::string, std::string> all;
  for (const std::string_view floor : floors)
    for (const File& list : files_below(floor, {".txt"}))
      for (const std::string& target : all_in(joined(list), library)) all[target] = floor;
  return all;
}

TEST(Layers, LinksPointDown) {
  const Arrows arrows = allowed();
  const auto floor_of = floors_of_targets();
  static const std::regex target{R"(superpod::(\w+))"};
  for (const std::string_view floor : floors)
    for (const File& list : files_below(floor, {".txt"}))
      for (const std::string& used : all_in(joined(list), target)) {
        ASSERT_TRUE(floor_of.contains(used)) << list.path << " links superpod::" << used;
        EXPECT_TRUE(arrows.at(std::string{floor}).contains(floor_of.at(used)))
            << list.path << " links superpod::" << used;
      }
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
