// How near the CPU's vector kernels come to the memory's speed, and attention to that of the multipliers.
// Shapes of DeepSeek-V3; the argument is the number of threads. `copy` is the memory's own speed: compare
// bytes_per_second.
#include <benchmark/benchmark.h>

#include <cstring>
#include <random>

#include "models/kernels/cpu/attention.hpp"
#include "models/kernels/cpu/expert_packing.hpp"
#include "models/kernels/cpu/parallel.hpp"
#include "models/kernels/cpu/quantise.hpp"
#include "models/kernels/cpu/rms_norm.hpp"
#include "models/kernels/cpu/swiglu.hpp"

namespace superpod::bench {
namespace {

using namespace models;
using namespace models::cpu;

constexpr std::int64_t tokens = 4096, hidden = 7168, choices = 8;
constexpr std::int32_t experts = 256;

std::vector<Bf16> random_bf16(std::int64_t count) {
  std::mt19937 generator{1};
  std::normal_distribution<float> normal;
  std::vector<Bf16> all(static_cast<std::size_t>(count));
  for (Bf16& x : all) x = to_bf16(normal(generator));
  return all;
}

Execution on(const benchmark::State& state) { return {static_cast<int>(state.range(0))}; }

/// Bytes of one pass over the main operand's elements.
void set_bytes(benchmark::State& state, std::int64_t elements, double bytes_of_each) {
  state.SetBytesProcessed(
      static_cast<std::int64_t>(static_cast<double>(state.iterations() * elements) * bytes_of_each));
}

void set_flops(benchmark::State& state, double flops) {
  state.counters["FLOP/s"] =
      benchmark::Counter(flops * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

void copy(benchmark::State& state) {
  const std::vector<Bf16> from = random_bf16(tokens * hidden);
  std::vector<Bf16> to(from.size());
  for (auto _ : state)
    in_parallel(tokens, on(state).threads, [&](std::int64_t begin, std::int64_t end) {
      std::memcpy(static_cast<void*>(to.data() + begin * hidden), from.data() + begin * hidden,
                  static_cast<std::size_t>((end - begin) * hidden) * sizeof(Bf16));
    });
  set_bytes(state, tokens * hidden, 4);
}

template <class Scale>
void quantise(benchmark::State& state) {
  const std::vector<Bf16> x = random_bf16(tokens * hidden);
  QuantisedRows<Scale> out;
  for (auto _ : state) quantise_rows(Rows<Bf16>{x, tokens, hidden}, out, on(state));
  set_bytes(state, tokens * hidden, 3 + sizeof(Scale) / 128.0);
}

template <class Scale>
void quantise_both(benchmark::State& state) {
  const std::vector<Bf16> x = random_bf16(tokens * hidden);
  QuantisedRows<Scale> out, transposed;
  quantise_with_transpose(Rows<Bf16>{x, tokens, hidden}, out, transposed);  // the first time finds no pages
  for (auto _ : state) quantise_with_transpose(Rows<Bf16>{x, tokens, hidden}, out, transposed, on(state));
  set_bytes(state, tokens * hidden, 4 + sizeof(Scale) / 64.0);
}

void rms_norm(benchmark::State& state) {
  const std::vector<Bf16> x = random_bf16(tokens * hidden), weight = random_bf16(hidden);
  QuantisedRows<float> out;
  for (auto _ : state) rms_norm_quantise(Rows<Bf16>{x, tokens, hidden}, weight, 1e-6F, out, on(state));
  set_bytes(state, tokens * hidden, 3 + 4 / 128.0);
}

void swiglu(benchmark::State& state) {
  const std::vector<Bf16> x = random_bf16(tokens * 2 * 2048);
  QuantisedRows<float> out;
  for (auto _ : state) swiglu_quantise(Rows<Bf16>{x, tokens, 2 * 2048}, out, on(state));
  set_bytes(state, tokens * 2048, 5 + 4 / 128.0);
}

/// Every token to eight experts by chance.
Packing random_packing(std::int64_t of_tokens) {
  std::mt19937 generator{2};
  std::vector<std::int32_t> table(static_cast<std::size_t>(of_tokens * choices));
  for (std::int32_t& expert : table) expert = static_cast<std::int32_t>(generator() % experts);
  return packing_of({table, of_tokens, choices, experts});
}

void packing(benchmark::State& state) {
  const std::vector<Bf16> x = random_bf16(1024 * hidden);
  QuantisedRows<float> of_tokens, packed;
  quantise_rows(Rows<Bf16>{x, 1024, hidden}, of_tokens);
  const Packing plan = random_packing(1024);
  pack(of_tokens, plan, packed);  // the first time finds no pages
  for (auto _ : state) pack(of_tokens, plan, packed, on(state));
  set_bytes(state, 1024 * choices * hidden, 2 * (1 + 4 / 128.0));
}

void combining(benchmark::State& state) {
  const Packing plan = random_packing(512);
  const std::vector<Bf16> rows = random_bf16(512 * choices * hidden);
  const std::vector<float> weights(512 * choices, 0.125F);
  std::vector<Bf16> out(512 * hidden);
  for (auto _ : state) combine({{rows, 512 * choices, hidden}, weights}, plan, out, on(state));
  set_bytes(state, 512 * hidden, 2 * choices + 2);
}

void mla_prefill(benchmark::State& state) {
  constexpr std::int64_t length = 1024, heads = 8;
  const std::vector<std::int64_t> first{0, length};
  const std::vector<Bf16> q = random_bf16(length * heads * 192), k = q, v = random_bf16(length * heads * 128);
  std::vector<Bf16> out(v.size());
  for (auto _ : state)
    attention({heads, heads, 192, 128, 0.07F, true}, {first, first}, {q, k, v}, out, on(state));
  set_flops(state, 2.0 * (192 + 128) * heads * length * (length + 1) / 2);
}

template <class Cached>
void absorbed_decode(benchmark::State& state) {
  constexpr std::int64_t length = 4096, heads = 128;
  const std::vector<std::int64_t> first_query{0, 1, 2}, first_key{0, length, 2 * length};
  const std::vector<Bf16> q = random_bf16(2 * heads * 576);
  std::vector<Cached> entries;
  for (const Bf16 x : random_bf16(2 * length * 576))
    if constexpr (std::is_same_v<Cached, Bf16>)
      entries.push_back(x);
    else
      entries.push_back(fp8::to_e4m3(value(x)));
  std::vector<Bf16> out(2 * heads * 512);
  for (auto _ : state)
    mla_decode({heads, 512, 64, 0.07F, true}, {first_query, first_key}, q, LatentCache<Cached>{entries, {}},
               out, on(state));
  set_flops(state, 2.0 * (576 + 512) * heads * 2 * length);
}

void gqa_decode(benchmark::State& state) {
  constexpr std::int64_t length = 32768;
  const std::vector<std::int64_t> first_query{0, 1}, first_key{0, length};
  const std::vector<Bf16> q = random_bf16(64 * 128), k = random_bf16(length * 8 * 128), v = k;
  std::vector<Bf16> out(q.size());
  for (auto _ : state)
    attention({64, 8, 128, 128, 0.09F, true}, {first_query, first_key}, {q, k, v}, out, on(state));
  set_flops(state, 2.0 * 256 * 64 * length);
  set_bytes(state, length * 8 * 128, 4);
}

void threads(benchmark::internal::Benchmark* benchmark) {
  benchmark->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
}

BENCHMARK(copy)->Apply(threads);
BENCHMARK_TEMPLATE(quantise, float)->Apply(threads);
BENCHMARK_TEMPLATE(quantise, fp8::E8m0)->Apply(threads);
BENCHMARK_TEMPLATE(quantise_both, float)->Apply(threads);
BENCHMARK(rms_norm)->Apply(threads);
BENCHMARK(swiglu)->Apply(threads);
BENCHMARK(packing)->Apply(threads);
BENCHMARK(combining)->Apply(threads);
BENCHMARK(mla_prefill)->Apply(threads);
BENCHMARK_TEMPLATE(absorbed_decode, Bf16)->Apply(threads);
BENCHMARK_TEMPLATE(absorbed_decode, fp8::E4m3)->Apply(threads);
BENCHMARK(gqa_decode)->Apply(threads);

}  // namespace
}  // namespace superpod::bench
