// How fast the engine is where flows hang together little (a ring), wholly (an all-to-all on one switch, of
// equal and of different sizes) or in part (random components), and how many bytes a task and a route cost.
// Times are of processors, not of the wall.

#include <benchmark/benchmark.h>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <random>

#include "sim/engine/engine.hpp"

namespace superpod::bench {
namespace {

using namespace unit;

struct Job {
  Platform platform;
  TaskGraph work;
  double moves = 0;
};

int link(Platform& platform) {
  platform.links.push_back({"link", 1, 100 * GB / s});
  return static_cast<int>(platform.links.size()) - 1;
}

/// Each rank sends to the next when it has received, `steps` times.
Job ring(int ranks, int steps) {
  Job job;
  const LabelId label = job.work.label("send", "bench");
  for (int r = 0; r < ranks; ++r) {
    const int own = link(job.platform);
    job.platform.routes.push_back({0, 0, 1, 1 * us, {{own, 1}}});
  }
  std::vector<TaskId> before(static_cast<std::size_t>(ranks)), now = before;
  for (int step = 0; step < steps; ++step, std::swap(before, now))
    for (int r = 0; r < ranks; ++r) {
      const auto at = static_cast<std::size_t>(r),
                 previous = static_cast<std::size_t>((r + ranks - 1) % ranks);
      now[at] = job.work.move(r, 1 * MB, label);
      if (step == 0) continue;
      job.work.depend(now[at], before[at]);
      job.work.depend(now[at], before[previous]);
    }
  job.moves = static_cast<double>(ranks) * steps;
  return job;
}

/// Each rank sends to each other over one port up and one down, at once.
Job all_to_all(int ranks, bool equal) {
  Job job;
  const LabelId label = job.work.label("send", "bench");
  std::mt19937 random{1};
  for (int port = 0; port < 2 * ranks; ++port) link(job.platform);
  for (int from = 0; from < ranks; ++from)
    for (int to = 0; to < ranks; ++to) {
      if (from == to) continue;
      job.platform.routes.push_back({0, 0, 1, 1 * us, {{from, 1}, {ranks + to, 1}}});
      const Bytes size = equal ? 1 * MB : Bytes{std::uniform_real_distribution{5e5, 1.5e6}(random)};
      job.work.move(static_cast<RouteId>(job.platform.routes.size()) - 1, size, label);
    }
  job.moves = static_cast<double>(ranks) * (ranks - 1);
  return job;
}

/// Islands of 8 links and 16 routes of three hops, on each of which moves of different sizes follow each
/// other.
Job islands(int count, int rounds) {
  Job job;
  const LabelId label = job.work.label("send", "bench");
  std::mt19937 random{1};
  for (int island = 0; island < count; ++island) {
    const int first = link(job.platform);
    for (int l = 1; l < 8; ++l) link(job.platform);
    for (int r = 0; r < 16; ++r) {
      const int at = std::uniform_int_distribution{0, 7}(random);
      std::vector<Platform::Hop> hops;
      for (const int further : {0, 1, 3}) hops.push_back({first + (at + further) % 8, 1});
      job.platform.routes.push_back({0, 0, 1, 1 * us, hops});
      TaskId last = -1;
      for (int round = 0; round < rounds; ++round) {
        const Bytes size{std::uniform_real_distribution{5e5, 1.5e6}(random)};
        const TaskId next = job.work.move(static_cast<RouteId>(job.platform.routes.size()) - 1, size, label);
        if (last >= 0) job.work.depend(next, last);
        last = next;
      }
    }
  }
  job.moves = 16.0 * count * rounds;
  return job;
}

double cpu_seconds() {
  double seconds = 0;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  for (const timeval& time : {usage.ru_utime, usage.ru_stime})
    seconds += static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  return seconds;
}

double resident_bytes() {
  std::ifstream statm{"/proc/self/statm"};
  double all = 0, resident = 0;
  statm >> all >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

/// Bytes that a run needs beside its platform and its task graph. In a process of its own, as peaks are never
/// forgotten.
double engine_bytes_measured(const std::function<Job()>& build) {
  malloc_trim(0);  // or the peak would be that of earlier runs
  int ends[2];
  if (pipe(ends) != 0) return 0;
  const pid_t child = fork();
  if (child == 0) {
    const Job job = build();
    malloc_trim(0);  // and what is free already would not be counted
    const double before = resident_bytes();
    run(job.platform, job.work);
    rusage own{};
    getrusage(RUSAGE_SELF, &own);
    const double more = 1024.0 * static_cast<double>(own.ru_maxrss) - before;
    _exit(write(ends[1], &more, sizeof more) == sizeof more ? 0 : 1);
  }
  double bytes = 0;
  if (read(ends[0], &bytes, sizeof bytes) != sizeof bytes) bytes = 0;
  waitpid(child, nullptr, 0);
  close(ends[0]);
  close(ends[1]);
  return bytes;
}

void simulate(benchmark::State& state, const std::function<Job()>& build) {
  run({}, {});  // SimGrid is loaded: it is of the process, not of a run
  const double bytes = engine_bytes_measured(build);
  const Job job = build();
  for ([[maybe_unused]] auto _ : state) {
    const double before = cpu_seconds();
    benchmark::DoNotOptimize(run(job.platform, job.work));
    state.SetIterationTime(cpu_seconds() - before);
  }
  using benchmark::Counter;
  state.counters["moves/s"] = Counter{job.moves, Counter::kIsIterationInvariantRate};
  state.counters["tasks"] = static_cast<double>(job.work.tasks().size());
  state.counters["routes"] = static_cast<double>(job.platform.routes.size());
  state.counters["forecast/measured"] = memory_of(run_size(job.platform, job.work)).in(unit::B) / bytes;
  state.counters["bytes/task"] = bytes / static_cast<double>(job.work.tasks().size());
}

void ring_of(benchmark::State& state) {
  simulate(state, [&] { return ring(static_cast<int>(state.range(0)), static_cast<int>(state.range(1))); });
}
void all_to_all_equal(benchmark::State& state) {
  simulate(state, [&] { return all_to_all(static_cast<int>(state.range(0)), true); });
}
void all_to_all_different(benchmark::State& state) {
  simulate(state, [&] { return all_to_all(static_cast<int>(state.range(0)), false); });
}
void islands_of_16(benchmark::State& state) {
  simulate(state,
           [&] { return islands(static_cast<int>(state.range(0)), static_cast<int>(state.range(1))); });
}

/// What a run costs beside its events: a hundred thousand of a few, on either clock.
void small_runs(benchmark::State& state, bool bare) {
  const Job job = ring(4, 3);
  constexpr int runs = 100'000;
  double grown = 0;
  for ([[maybe_unused]] auto _ : state) {
    run(job.platform, job.work);
    const double before = cpu_seconds(), resident = resident_bytes();
    for (int i = 0; i < runs; ++i)
      benchmark::DoNotOptimize(bare ? run_bare(job.platform, job.work) : run(job.platform, job.work));
    state.SetIterationTime(cpu_seconds() - before);
    grown = resident_bytes() - resident;
  }
  using benchmark::Counter;
  state.counters["runs/s"] = Counter{runs, Counter::kIsIterationInvariantRate};
  state.counters["grown bytes/run"] = grown / runs;
}

BENCHMARK_CAPTURE(small_runs, on_simgrids_clock, false)->Unit(benchmark::kMillisecond)->UseManualTime();
BENCHMARK_CAPTURE(small_runs, bare, true)->Unit(benchmark::kMillisecond)->UseManualTime();
BENCHMARK(ring_of)->Args({64, 16384})->Args({4096, 256})->Unit(benchmark::kMillisecond)->UseManualTime();
BENCHMARK(all_to_all_equal)->Arg(128)->Arg(512)->Unit(benchmark::kMillisecond)->UseManualTime();
BENCHMARK(all_to_all_different)->Arg(32)->Arg(64)->Arg(128)->Unit(benchmark::kMillisecond)->UseManualTime();
BENCHMARK(islands_of_16)->Args({1, 4096})->Args({256, 64})->Unit(benchmark::kMillisecond)->UseManualTime();

}  // namespace
}  // namespace superpod::bench
