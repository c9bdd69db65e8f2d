// Numbers at the ends of their ranges, and beyond: what `check` passes has an answer, whose figures are
// finite.
//
// The scenarios in tests/scenarios/extremes write out every kind of described struct. Each number in them,
// and each that they leave out, takes extreme values; integers also two by two. A seeded sample runs here;
// all of them with SUPERPOD_EXTREMES=all in the environment.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "scenarios/asked/reachable.hpp"
#include "scenarios/asked/scenario.hpp"
#include "scenarios/asked/schema.hpp"
#include "scenarios/run/simulate.hpp"

namespace superpod::scenarios {
namespace {

namespace fs = std::filesystem;

const Library& library() {
  static const Library brought{{fs::path{SUPERPOD_ROOT} / "scenarios" / "library"}};
  return brought;
}

std::vector<fs::path> seeds() {
  std::vector<fs::path> all;
  for (const auto& item :
       fs::directory_iterator{fs::path{SUPERPOD_ROOT} / "tests" / "scenarios" / "extremes"})
    all.push_back(item.path());
  std::ranges::sort(all);
  return all;
}

ScenarioFile read(const fs::path& seed) { return read_scenario(seed, library()); }

/// A number of a scenario: where it is, what it may be, and the unit that its text needs.
struct Number {
  std::string path;
  Range range;
  bool whole = false;
  std::string unit;
  double factor = 1;  ///< of the unit, to base units
};

/// All numbers of a value, those that are left out included.
class Numbers {
 public:
  std::vector<Number> found;
  std::set<std::string> structs;

  void visit(const bool&, const std::string&, const Range&) {}
  void visit(const std::string&, const std::string&, const Range&) {}
  void visit(const int&, const std::string& path, const Range& range) {
    found.push_back({path, range, true, "", 1});
  }
  void visit(const std::int64_t&, const std::string& path, const Range& range) {
    found.push_back({path, range, true, "", 1});
  }
  void visit(const double&, const std::string& path, const Range& range) {
    found.push_back({path, range, false, "", 1});
  }
  template <TextQuantity Q>
  void visit(const Q&, const std::string& path, const Range& range) {
    const auto& units = dimension<Q>().units;
    const auto base = std::ranges::find(units, 1.0, &UnitText::factor);
    const UnitText& unit = base == units.end() ? units.front() : *base;
    found.push_back({path, range, false, " " + unit.symbol, unit.factor});
  }
  template <Worded E>
  void visit(const E&, const std::string&, const Range&) {}
  template <class T>
  void visit(const Sourced<T>& figure, const std::string& path, const Range& range) {
    visit(figure.value, path, range);
  }
  template <class T>
  void visit(const std::optional<T>& value, const std::string& path, const Range& range) {
    if (value || is_number<T>) visit(value.value_or(T{}), path, range);
  }
  template <class T>
  void visit(const std::vector<T>& list, const std::string& path, const Range& range) {
    for (std::size_t i = 0; i < list.size(); ++i) visit(list[i], path + "." + std::to_string(i), range);
  }
  template <class T>
  void visit(const std::map<std::string, T>& map, const std::string& path, const Range& range) {
    for (const auto& [key, value] : map)
      if (key.find('.') == std::string::npos) visit(value, path + "." + key, range);
  }
  template <class... T>
  void visit(const std::variant<T...>& value, const std::string& path, const Range& range) {
    std::visit([&](const auto& chosen) { visit(chosen, path, range); }, value);
  }
  template <class T>
  void visit(const models::Entry<T>& entry, const std::string& path, const Range& range) {
    if (entry.name.empty()) visit(entry.value, path, range);
  }
  template <Described T>
  void visit(const T& value, const std::string& path, const Range&) {
    structs.emplace(T::kind);
    for_each_field<T>([&](const auto& field) {
      const std::string inside = (path.empty() ? "" : path + ".") + std::string{field.name};
      visit(value.*field.member, inside, field.range);
    });
  }
};

Numbers numbers_of(const Scenario& scenario) {
  Numbers numbers;
  numbers.visit(scenario, "", anything);
  return numbers;
}

std::string setting(const Number& number, double value) {
  std::array<char, 40> text{};
  const double written = value / number.factor;
  const auto end =
      number.whole && std::abs(written) < 0x1p63
          ? std::to_chars(text.data(), text.data() + text.size(), static_cast<std::int64_t>(written)).ptr
          : std::to_chars(text.data(), text.data() + text.size(), written).ptr;
  return number.path + "=" + std::string{text.data(), end} + number.unit;
}

struct Case {
  fs::path seed;
  std::vector<std::string> settings;
};

std::vector<Case> cases_of(const fs::path& seed) {
  std::vector<Case> cases;
  const std::vector<Number> numbers = numbers_of(read(seed).scenario).found;
  for (const Number& number : numbers) {
    for (const double value : {0.0, 1.0, -1.0, number.range.low, number.range.high, 0x1p31, 1e308, 1e-308})
      cases.push_back({seed, {setting(number, value)}});
    cases.push_back({seed, {number.path + "=nan" + number.unit}});
  }
  for (std::size_t a = 0; a < numbers.size(); ++a)
    for (std::size_t b = a + 1; b < numbers.size(); ++b)
      if (numbers[a].whole && numbers[b].whole)
        for (const double of_a : {numbers[a].range.low, numbers[a].range.high})
          for (const double of_b : {numbers[b].range.low, numbers[b].range.high})
            cases.push_back({seed, {setting(numbers[a], of_a), setting(numbers[b], of_b)}});
  return cases;
}

enum class End { answered, refused, out_of_memory, out_of_time, wrong };

/// What is wrong with an answer: figures that are no numbers, or below 0.
std::string wrong_figures(const analysis::Result& result) {
  std::string wrong;
  for (const analysis::Figure& figure : result.figures)
    if (!std::isfinite(figure.value) || figure.value < 0)
      wrong += figure.key + " is " + std::to_string(figure.value) + "; ";
  return wrong;
}

struct Outcome {
  End end;
  std::string why;
};

/// In this process: `check`, and where it finds nothing, `run`.
Outcome checked_and_run(const Case& one) {
  bool is_checked = false;
  try {
    Mistakes mistakes;
    const auto file = read_scenario(one.seed, library(), one.settings, mistakes);
    if (file) check_ways(*file, mistakes);
    if (!file || !mistakes.empty()) return {End::refused, ""};
    is_checked = true;
    const std::string wrong = wrong_figures(simulate(*file, models::Detail::folded).result);
    return {wrong.empty() ? End::answered : End::wrong, wrong};
  } catch (const std::bad_alloc&) {
    return {is_checked ? End::out_of_memory : End::wrong, "check: out of memory"};
  } catch (const std::exception& failure) {
    const std::string why = failure.what();
    const bool for_memory = is_checked && why.find("memory") != std::string::npos;
    return {for_memory ? End::out_of_memory : End::wrong, why};
  }
}

void limit_this_process() {
  double pages = 0;
  std::ifstream{"/proc/self/statm"} >> pages;
  const auto mapped = static_cast<rlim_t>(pages) * static_cast<rlim_t>(sysconf(_SC_PAGESIZE));
  constexpr rlim_t memory = 2'000'000'000, seconds = 10;
  const rlimit of_memory{mapped + memory, mapped + memory}, of_time{seconds, seconds + 5};
  setrlimit(RLIMIT_AS, &of_memory);
  setrlimit(RLIMIT_CPU, &of_time);
}

/// In a child with a limit of memory and of time, whose crash is seen.
Outcome outcome_of(const Case& one) {
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) throw std::runtime_error{"no pipe"};
  const pid_t child = fork();
  if (child == 0) {
    limit_this_process();
    const Outcome outcome = checked_and_run(one);
    const ssize_t told =
        ::write(pipe[1], outcome.why.data(), std::min<std::size_t>(outcome.why.size(), 4000));
    _exit(told < 0 ? 100 : static_cast<int>(outcome.end));
  }
  ::close(pipe[1]);
  std::string why;
  std::array<char, 4096> buffer{};
  for (ssize_t read = 0; (read = ::read(pipe[0], buffer.data(), buffer.size())) > 0;)
    why.append(buffer.data(), static_cast<std::size_t>(read));
  ::close(pipe[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) return {End::out_of_time, ""};
  if (WIFSIGNALED(status)) return {End::wrong, "signal " + std::to_string(WTERMSIG(status))};
  return {static_cast<End>(WEXITSTATUS(status)), why};
}

TEST(Extremes, SeedsAreRightAndWriteOutEveryStruct) {
  // A system from a file has no numbers of its own; tables of kernels come from `superpod calibrate`.
  std::set<std::string> seen{"graph",         "balanced",         "timing",
                             "family timing", "prediction error", "timing parameters"};
  for (const fs::path& seed : seeds()) {
    EXPECT_EQ(outcome_of({seed, {}}).end, End::answered) << seed << ": " << outcome_of({seed, {}}).why;
    seen.merge(numbers_of(read(seed).scenario).structs);
  }
  const auto definitions = nlohmann::json::parse(json_schema()).at("definitions");
  for (const auto& [kind, definition] : definitions.items()) EXPECT_TRUE(seen.contains(kind)) << kind;
}

TEST(Extremes, WhatCheckPassesHasAnAnswer) {
  std::vector<Case> cases;
  for (const fs::path& seed : seeds())
    for (Case& one : cases_of(seed)) cases.push_back(std::move(one));
  const char* asked = std::getenv("SUPERPOD_EXTREMES");
  constexpr std::size_t sample = 80;
  if (asked == nullptr || std::string{asked} != "all") {
    std::mt19937_64 random{20260};
    for (std::size_t i = 0; i < sample; ++i) std::swap(cases[i], cases[i + random() % (cases.size() - i)]);
    cases.resize(sample);
  }
  std::array<int, 5> ends{};
  for (const Case& one : cases) {
    const Outcome outcome = outcome_of(one);
    ++ends[static_cast<std::size_t>(outcome.end)];
    std::string settings;
    for (const std::string& its : one.settings) settings += " --set '" + its + "'";
    EXPECT_NE(outcome.end, End::wrong) << one.seed.filename().string() << settings << ": " << outcome.why;
  }
  std::printf("%zu cases: %d answered, %d refused, %d out of memory, %d out of time, %d wrong\n",
              cases.size(), ends[0], ends[1], ends[2], ends[3], ends[4]);
  EXPECT_LE(ends[3], static_cast<int>(cases.size() / 20))
      << "sizes that take longer than ten seconds are rare";
  EXPECT_GT(ends[0], 0);
  EXPECT_GT(ends[1], 0);
}

}  // namespace
}  // namespace superpod::scenarios
