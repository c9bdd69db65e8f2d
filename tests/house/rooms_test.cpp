// Inside a floor, folders are rooms with an order: the one in the floor's CMakeLists.txt, and includes point
// down in it.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/house/tree.hpp"

namespace superpod::house {
namespace {

std::string folder_of(const std::string& path) { return std::filesystem::path{path}.parent_path().string(); }

/// `models/kernels/cpu/gemm.cpp` stands in `models/kernels/cpu`; all of analysis is one room.
std::string room_of(const std::string& path) {
  return path.starts_with("analysis/") ? "analysis" : folder_of(path);
}

std::string without_comments(const std::string& list) {
  std::string text;
  for (const std::string& line : file(list).lines) text += line.substr(0, line.find('#')) + " ";
  return text;
}

std::vector<std::string> words_of(const std::string& text) {
  static const std::regex word{"[^\\s]+"};
  std::vector<std::string> all;
  for (std::sregex_iterator match{text.begin(), text.end(), word}, end; match != end; ++match)
    all.push_back(match->str());
  return all;
}

/// The rooms of all floors, from the lowest to the highest.
const std::vector<std::string>& rooms() {
  static const std::vector<std::string> all = [] {
    static const std::regex list{R"(superpod_floor\(([^)]*)\))"};
    std::vector<std::string> found;
    for (const std::string_view floor : floors) {
      const std::string lines = without_comments(std::string{floor} + "/CMakeLists.txt");
      if (std::smatch match; std::regex_search(lines, match, list))
        for (const std::string& room : words_of(match.str(1)))
          found.push_back(std::string{floor} + "/" + room);
      else
        found.emplace_back(floor);
    }
    return found;
  }();
  return all;
}

std::ptrdiff_t height(const std::string& room) {
  const auto at = std::ranges::find(rooms(), room);
  return at == rooms().end() ? -1 : at - rooms().begin();
}

TEST(Rooms, EveryFolderOfSourcesIsListedByItsFloor) {
  for (const auto& [path, targets] : includes()) EXPECT_GE(height(room_of(path)), 0) << path;
}

TEST(Rooms, IncludesPointDown) {
  for (const auto& [path, targets] : includes())
    for (const std::string& target : targets)
      if (path.substr(0, path.find('/')) == target.substr(0, target.find('/'))) {
        EXPECT_LE(height(room_of(target)), height(room_of(path))) << path << " includes " << target;
      }
}

/// Units that reach each other: a source and its header are one.
std::vector<std::set<std::string>> circles_of_units() {
  const auto unit = [](const std::string& path) { return path.substr(0, path.rfind('.')); };
  std::map<std::string, std::set<std::string>> reached;
  for (const auto& [path, targets] : includes())
    for (const std::string& target : targets)
      if (unit(path) != unit(target)) reached[unit(path)].insert(unit(target));
  for (bool grows = true; grows;) {
    grows = false;
    for (auto& [from, to] : reached) {
      std::set<std::string> more = to;
      for (const std::string& next : to)
        if (const auto found = reached.find(next); found != reached.end())
          more.insert(found->second.begin(), found->second.end());
      grows |= more.size() > to.size();
      to = std::move(more);
    }
  }
  std::set<std::set<std::string>> circles;
  for (const auto& [from, to] : reached) {
    if (!to.contains(from)) continue;
    std::set<std::string> circle;
    for (const std::string& other : to)
      if (reached.contains(other) && reached.at(other).contains(from)) circle.insert(other);
    circles.insert(circle);
  }
  return {circles.begin(), circles.end()};
}

TEST(Rooms, SourcesWithTheirHeadersFormFewCircles) {
  constexpr std::size_t few = 3;
  const auto circles = circles_of_units();
  std::string text;
  for (const auto& circle : circles) {
    for (const std::string& unit : circle) text += unit + " ";
    text += "\n";
  }
  EXPECT_LE(circles.size(), few) << text;
}

/// What a room's list says after `key`.
std::set<std::string> said(const std::string& room, const std::string& key) {
  const std::regex part{"superpod_room\\([^)]*\\b" + key + "\\s([^)]*?)(?=\\b(FILES|USES|BEHIND)\\b|\\))"};
  const std::string list = without_comments(room + "/CMakeLists.txt");
  std::smatch match;
  if (!std::regex_search(list, match, part)) return {};
  const auto words = words_of(match.str(1));
  return {words.begin(), words.end()};
}

TEST(Rooms, ListsSayWhoseHeadersAreIncluded) {
  std::map<std::string, std::set<std::string>> used;
  for (const auto& [path, targets] : includes())
    for (const std::string& target : targets)
      if (room_of(path) != room_of(target)) used[room_of(path)].insert(room_of(target));
  for (const std::string& room : rooms()) {
    if (matches(file(room + "/CMakeLists.txt"), std::regex{"superpod_room"}).empty()) continue;
    EXPECT_EQ(said(room, "USES"), used[room]) << room;
  }
}

TEST(Rooms, ListsNameWhatIsThere) {
  for (const std::string& room : rooms()) {
    if (matches(file(room + "/CMakeLists.txt"), std::regex{"superpod_room"}).empty()) continue;
    for (const std::string& name : said(room, "FILES")) {
      const std::filesystem::path path = std::filesystem::path{SUPERPOD_ROOT} / room / name;
      EXPECT_TRUE(std::filesystem::exists(path.string() + ".cpp") ||
                  std::filesystem::exists(path.string() + ".hpp"))
          << room << "/CMakeLists.txt names " << name;
    }
  }
}

TEST(Rooms, ReadmesOfFloorsTellWhatLivesInEach) {
  for (const std::string& room : rooms()) {
    if (room.find('/') == std::string::npos) continue;
    const std::string floor = room.substr(0, room.find('/'));
    const std::string row = "| `" + room.substr(floor.size() + 1) + "/` |";
    std::string readme;
    for (const std::string& line : file(floor + "/README.md").lines) readme += line + "\n";
    EXPECT_NE(readme.find(row), std::string::npos) << floor << "/README.md has no row " << row;
  }
}

}  // namespace
}  // namespace superpod::house
