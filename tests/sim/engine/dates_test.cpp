// What keeps the dates of a run, against a sorted list.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "sim/engine/agenda.hpp"
#include "sim/engine/deadlines.hpp"
#include "tests/sim/engine/random_platform.hpp"

namespace superpod {
namespace {

TEST(Deadlines, AreAsInASortedList) {
  constexpr int keys = 50;
  for (unsigned seed = 0; seed < 300; ++seed) {
    Random random{seed};
    Deadlines deadlines{keys};
    std::map<std::int32_t, double> dates;
    for (int round = 0; round < 60; ++round) {
      std::map<std::int32_t, double> changed;
      for (int c = random.between(0, random.once_in(3) ? keys : 3); c > 0; --c)
        changed[random.between(0, keys - 1)] = random.between(round, round + 20);
      std::vector<Deadlines::Entry> entries;
      for (const auto& [key, date] : changed) {
        entries.push_back({date, key});
        dates[key] = date;
      }
      deadlines.set(entries);
      if (random.once_in(4)) {
        const std::int32_t gone = random.between(0, keys - 1);
        deadlines.remove(gone);
        dates.erase(gone);
      }
      std::set<std::int32_t> expected;
      std::erase_if(dates, [&](const auto& entry) {
        const bool due = entry.second <= round;
        if (due) expected.insert(entry.first);
        return due;
      });
      std::vector<std::int32_t> taken;
      deadlines.take_until(round, taken);
      EXPECT_EQ((std::set<std::int32_t>{taken.begin(), taken.end()}), expected) << "seed " << seed;
      EXPECT_EQ(taken.size(), expected.size()) << "seed " << seed;
      const auto least = std::ranges::min_element(dates, {}, [](const auto& entry) { return entry.second; });
      if (least != dates.end()) {
        EXPECT_EQ(deadlines.next(), least->second) << "seed " << seed;
      }
    }
  }
}

TEST(Agenda, TasksComeInTheOrderOfTheirDatesAndThoseOfOneDateAsTheyWereAdded) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    Random random{seed};
    Agenda agenda;
    std::multimap<double, TaskId> expected;  // of one key in the order of insertion
    TaskId task = 0;
    for (int round = 0; round < 60; ++round) {
      for (int added = random.between(0, 5); added > 0; --added) {
        const double date = random.between(round, round + 3);
        agenda.add(date, task);
        expected.emplace(date, task++);
      }
      std::vector<TaskId> taken, due;
      agenda.take_until(round, taken);
      while (!expected.empty() && expected.begin()->first <= round) {
        due.push_back(expected.begin()->second);
        expected.erase(expected.begin());
      }
      EXPECT_EQ(taken, due) << "seed " << seed;
      if (!expected.empty()) {
        EXPECT_EQ(agenda.next(), expected.begin()->first);
      }
    }
  }
}

}  // namespace
}  // namespace superpod
