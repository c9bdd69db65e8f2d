#include "tests/bench/apart.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <exception>

namespace superpod::bench {
namespace {

struct Counts {
  double npus = 0, rank_classes = 0, tasks = 0, events = 0, simulated_ms = 0;
};

Counts counts(const scenarios::Simulated& of) {
  Counts counts;
  for (const Platform::Rank& rank : of.plan.platform.ranks) counts.npus += rank.count;
  counts.rank_classes = static_cast<double>(of.plan.platform.ranks.size());
  counts.tasks = static_cast<double>(of.plan.work.tasks().size());
  counts.events = static_cast<double>(of.trace.events);
  counts.simulated_ms = of.trace.makespan.in(unit::ms);
  return counts;
}

[[noreturn]] void run_and_exit(const std::function<scenarios::ScenarioFile()>& read, int answer) {
  try {
    const Counts found = counts(scenarios::simulate(read(), models::Detail::folded));
    _exit(write(answer, &found, sizeof found) == sizeof found ? 0 : 1);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "%s\n", failure.what());
    _exit(1);
  }
}

}  // namespace

void simulate_apart(benchmark::State& state, const std::function<scenarios::ScenarioFile()>& read) {
  Counts found;
  rusage usage{};
  for ([[maybe_unused]] auto _ : state) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) return state.SkipWithError("no pipe");
    const pid_t child = fork();
    if (child == 0) run_and_exit(read, ends[1]);
    close(ends[1]);
    const bool answered = ::read(ends[0], &found, sizeof found) == sizeof found;
    close(ends[0]);
    int status = 0;
    const bool ended = child > 0 && wait4(child, &status, 0, &usage) == child;
    if (!answered || !ended || status != 0) return state.SkipWithError("the run failed");
  }
  state.counters["NPUs"] = found.npus;
  state.counters["rank_classes"] = found.rank_classes;
  state.counters["tasks"] = found.tasks;
  state.counters["events"] = found.events;
  state.counters["simulated_ms"] = found.simulated_ms;
  state.counters["peak_MB"] = static_cast<double>(usage.ru_maxrss) * 1024 / 1e6;
}

}  // namespace superpod::bench
