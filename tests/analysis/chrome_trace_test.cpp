#include "analysis/chrome_trace.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/analysis/hand_made.hpp"
#include "tests/analysis/scratch.hpp"

namespace superpod::analysis {
namespace {

using hand_made::World;
using Events = std::vector<nlohmann::json>;

struct ChromeTrace : testing::Test {
  Scratch scratch;

  [[nodiscard]] Events events(const World& world) const {
    write_chrome_trace(world.platform, world.work, world.trace, scratch.folder / "out.json");
    return nlohmann::json::parse(content(scratch.folder / "out.json"))["traceEvents"];
  }
  static Events of_phase(const Events& all, const std::string& phase) {
    Events some;
    std::ranges::copy_if(all, std::back_inserter(some),
                         [&](const auto& event) { return event["ph"] == phase; });
    return some;
  }
};

std::int64_t ns(const nlohmann::json& microseconds) { return std::llround(microseconds.get<double>() * 1e3); }

TEST_F(ChromeTrace, SlicesOfOneThreadNeverOverlap) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    std::map<std::pair<int, int>, std::vector<std::pair<std::int64_t, std::int64_t>>> threads;
    for (const auto& slice : of_phase(events(hand_made::at_random(seed)), "X"))
      threads[{slice["pid"], slice["tid"]}].emplace_back(ns(slice["ts"]), ns(slice["ts"]) + ns(slice["dur"]));
    for (auto& [thread, spans] : threads) {
      std::ranges::sort(spans);
      for (std::size_t i = 1; i < spans.size(); ++i)
        EXPECT_GE(spans[i].first, spans[i - 1].second) << "seed " << seed;
    }
  }
}

TEST_F(ChromeTrace, EveryTaskIsASliceAtEachOfItsRanks) {
  const World world = hand_made::at_random(5);
  std::size_t expected = 0;
  double seconds = 0;
  for (std::size_t i = 0; i < world.work.tasks().size(); ++i) {
    const TaskGraph::Task& task = world.work.tasks()[i];
    if (task.kind == TaskGraph::Kind::join) continue;
    const auto* route = task.kind == TaskGraph::Kind::move
                            ? &world.platform.routes[static_cast<std::size_t>(task.target)]
                            : nullptr;
    const std::size_t sides = route != nullptr && route->from != route->to ? 2 : 1;
    expected += sides;
    const Span& span = world.trace.tasks[i];
    seconds += static_cast<double>(sides) * (span.finish - span.start).in(unit::s);
  }
  const Events slices = of_phase(events(world), "X");
  EXPECT_EQ(slices.size(), expected);
  double shown = 0;
  for (const auto& slice : slices) shown += slice["dur"].get<double>() * 1e-6;
  EXPECT_NEAR(shown, seconds, 1e-9 * seconds);
}

TEST_F(ChromeTrace, AnArrowJoinsTheTwoSidesOfAMoveBetweenRanks) {
  const Events all = events(hand_made::at_random(6));
  const auto is_in_a_slice = [&](const nlohmann::json& end) {
    return std::ranges::any_of(all, [&](const auto& slice) {
      return slice["ph"] == "X" && slice["pid"] == end["pid"] && slice["tid"] == end["tid"] &&
             slice["ts"] == end["ts"] && slice["name"] == end["name"];
    });
  };
  const Events starts = of_phase(all, "s"), ends = of_phase(all, "f");
  ASSERT_GT(starts.size(), 0u);
  ASSERT_EQ(starts.size(), ends.size());
  for (std::size_t i = 0; i < starts.size(); ++i) {
    EXPECT_EQ(starts[i]["id"], ends[i]["id"]);
    EXPECT_NE(starts[i]["pid"], ends[i]["pid"]);
    EXPECT_TRUE(is_in_a_slice(starts[i]));
    EXPECT_TRUE(is_in_a_slice(ends[i]));
  }
}

TEST_F(ChromeTrace, SaysWhatATaskIs) {
  World world{hand_made::two_stream_ranks(2), {}, {}};
  world.platform.ranks[1].name = "stage \"1\"";
  const LabelId label = world.work.label("send é", "pipeline send");
  world.work.move(1, Bytes{2.5}, label, 3);
  world.trace = {{{Seconds{1e-6}, Seconds{3.5e-6}}}, Seconds{4e-6}, 2};
  const Events all = events(world);
  const nlohmann::json slice = of_phase(all, "X").at(0);
  EXPECT_EQ(slice["name"], "send é");
  EXPECT_EQ(slice["cat"], "pipeline send");
  EXPECT_EQ(slice["ts"], 1.0);
  EXPECT_EQ(slice["dur"], 2.5);
  EXPECT_EQ(slice["args"],
            nlohmann::json::parse(
                R"({"microbatch": 3, "bytes": 2.5, "flows": 1, "from": "rank 0", "to": "stage \"1\""})"));
  std::set<std::string> named;
  for (const auto& event : of_phase(all, "M"))
    if (event["args"].contains("name")) named.insert(event["args"]["name"]);
  EXPECT_EQ(named,
            (std::set<std::string>{"rank 0", "stage \"1\" (2 ranks)", "compute", "copy", "pipeline send"}));
}

TEST_F(ChromeTrace, NoThreadIsSharedByTwoProcesses) {
  std::map<int, std::set<int>> processes;
  for (const auto& slice : of_phase(events(hand_made::at_random(8)), "X"))
    processes[slice["tid"]].insert(slice["pid"].get<int>());
  for (const auto& [thread, some] : processes) EXPECT_EQ(some.size(), 1u) << "thread " << thread;
}

TEST_F(ChromeTrace, OfALongRunShowsWholeRanksAndSaysHowMany) {
  const World world = hand_made::at_random(9);
  ASSERT_GT(world.platform.ranks.size(), 1U);
  write_chrome_trace(world.platform, world.work, world.trace, scratch.folder / "some.json", 1);
  const auto some = nlohmann::json::parse(content(scratch.folder / "some.json"));
  EXPECT_EQ(some["otherData"]["shown"],
            "1 of " + std::to_string(world.platform.ranks.size()) + " classes of ranks");
  Events of_first;  // of all that a whole trace shows of it
  for (const auto& slice : of_phase(events(world), "X"))
    if (slice["pid"] == 1) of_first.push_back(slice);
  const Events shown = of_phase(some["traceEvents"], "X");
  ASSERT_EQ(shown.size(), of_first.size());
  for (std::size_t i = 0; i < shown.size(); ++i) EXPECT_EQ(shown[i]["ts"], of_first[i]["ts"]);
}

TEST_F(ChromeTrace, OfNoTasksIsValidJson) {
  EXPECT_TRUE(of_phase(events({hand_made::two_stream_ranks(1), {}, {}}), "X").empty());
}

TEST_F(ChromeTrace, IsNotThereWhenTheDiskIsFull) {
  const World world = hand_made::at_random(1);
  EXPECT_THROW(write_chrome_trace(world.platform, world.work, world.trace, "/dev/full"), std::runtime_error);
}

}  // namespace
}  // namespace superpod::analysis
