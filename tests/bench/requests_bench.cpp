// What it costs to draw requests (target: 20 million a second), and to read a trace of them.
#include <benchmark/benchmark.h>

#include <filesystem>
#include <fstream>
#include <utility>

#include "models/serving/requests/request_stream.hpp"
#include "scenarios/traces/read_trace.hpp"

namespace superpod::bench {
namespace {

using namespace models;
using unit::s, unit::Hz;

void stream(benchmark::State& state, Lengths input_tokens, RequestLoad load) {
  RequestStream stream{{.source = SyntheticRequests{std::move(input_tokens), FixedLength{256}},
                        .load = std::move(load),
                        .stop = {},
                        .warm_up = 0},
                       {}};
  for (auto _ : state) benchmark::DoNotOptimize(stream.next());
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK_CAPTURE(stream, poisson_fixed, FixedLength{4096}, PoissonLoad{1000 * Hz});
BENCHMARK_CAPTURE(stream, poisson_uniform, UniformLength{3277, 4096}, PoissonLoad{1000 * Hz});
BENCHMARK_CAPTURE(stream, poisson_lognormal, LognormalLength{2048, 1, 131'072}, PoissonLoad{1000 * Hz});
BENCHMARK_CAPTURE(stream, gamma_fixed, FixedLength{4096}, GammaLoad{1000 * Hz, 2});
BENCHMARK_CAPTURE(stream, day_fixed, FixedLength{4096},
                  RampLoad{{{0 * s, 100 * Hz}, {43'200 * s, 1000 * Hz}, {86'400 * s, 100 * Hz}}, 86'400 * s});

/// Ten megabytes of prompts of 24 blocks, as Mooncake's conversations have on average.
void json_lines(benchmark::State& state) {
  const auto path = std::filesystem::temp_directory_path() / "superpod_requests_bench.jsonl";
  std::ofstream file{path};
  int block = 0;
  for (int request = 0; request < 43'000; ++request) {
    file << R"({"timestamp": )" << 300 * request
         << R"(, "input_length": 12035, "output_length": 343, "hash_ids": [0)";
    for (int i = 1; i < 24; ++i) file << ", " << ++block;
    file << "]}\n";
  }
  file.close();
  for (auto _ : state) {
    scenarios::Mistakes mistakes;
    benchmark::DoNotOptimize(
        scenarios::read_trace(path, {.file = {}, .format = TraceFormat::mooncake, .first = {}}, mistakes));
    if (!mistakes.empty()) state.SkipWithError(text(mistakes).c_str());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(std::filesystem::file_size(path)));
  state.SetItemsProcessed(state.iterations() * 43'000);
  std::filesystem::remove(path);
}

BENCHMARK(json_lines);

}  // namespace
}  // namespace superpod::bench
