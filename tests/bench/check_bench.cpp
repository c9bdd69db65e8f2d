// How long `superpod check` takes to refuse files that are made to be long (target: under a second each).
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "scenarios/asked/scenario.hpp"
#include "scenarios/text/library.hpp"

namespace superpod::bench {
namespace {

std::string repeated(const std::string& piece, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += piece;
  return all;
}

/// Checks a file of this text, grown with zeros to `bytes`.
void check(benchmark::State& state, const std::string& text, std::uintmax_t bytes = 0) {
  const auto path =
      std::filesystem::temp_directory_path() / ("superpod_check_" + std::to_string(getpid()) + ".yaml");
  std::ofstream{path} << text;
  if (bytes > 0) std::filesystem::resize_file(path, bytes);
  for (auto _ : state) {
    scenarios::Mistakes mistakes;
    read_scenario(path, scenarios::Library::standard(), {}, mistakes);
    if (mistakes.empty()) state.SkipWithError("no mistake was found");
    benchmark::DoNotOptimize(scenarios::text(mistakes));
  }
  std::filesystem::remove(path);
}

void hundred_megabytes(benchmark::State& state) { check(state, "name: ", 100'000'000); }
void deep_nesting(benchmark::State& state) { check(state, repeated("[", 100'000)); }
void long_line(benchmark::State& state) { check(state, repeated("x", 900'000)); }
void alias_bomb(benchmark::State& state) {
  std::string bomb = "a0: &a0 x\n";
  for (int i = 1; i <= 30; ++i)
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" +
            repeated("*a" + std::to_string(i - 1) + ",", 10) + "]\n";
  check(state, bomb);
}
void many_mistakes(benchmark::State& state) {
  std::string keys;
  for (int i = 0; i < 20'000; ++i) keys += "k" + std::to_string(i) + ": 1\n";
  check(state, keys);
}

BENCHMARK(hundred_megabytes)->Unit(benchmark::kMillisecond);
BENCHMARK(deep_nesting)->Unit(benchmark::kMillisecond);
BENCHMARK(long_line)->Unit(benchmark::kMillisecond);
BENCHMARK(alias_bomb)->Unit(benchmark::kMillisecond);
BENCHMARK(many_mistakes)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace superpod::bench
