/// A run in a process of its own, so that its memory is its own.
#pragma once

#include <benchmark/benchmark.h>

#include <functional>

#include "scenarios/run/simulate.hpp"

namespace superpod::bench {

/// Simulates what `read` returns and gives `state` the counters: NPUs, classes of ranks, tasks, events, the
/// simulated time in ms, and the peak memory in MB (of the largest process). Fails the benchmark when the run
/// fails.
void simulate_apart(benchmark::State& state, const std::function<scenarios::ScenarioFile()>& read);

}  // namespace superpod::bench
