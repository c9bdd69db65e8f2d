// Our block-scaled FP8 GEMM against oneDNN's BF16 matmul of the same shape, on the same cores and in turn.
//
// Ours starts from FP8 codes as they lie in memory: unpacking is in its time. oneDNN's weights are put into
// the layout that it likes best beforehand, outside of its time; its activations lie row by row. Both write
// BF16. Where there are few rows, both go through enough copies of the weights that these come from memory
// and not from a cache, as the weights of a network's next layer do.
//
// oneDNN runs on OMP_NUM_THREADS threads, ours on as many (without it, on all):
//     OMP_NUM_THREADS=2 OMP_WAIT_POLICY=passive fp8_gemm_bench
// Waiting passively matters: else oneDNN's threads still spin on our cores when our turn comes.
// The time of a benchmark is ours; `onednn_ms` and `ratio` (above 1: ours is faster) compare medians of
// repeats that take turns, so that whatever else the machine does meets both.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <dnnl.hpp>
#include <random>
#include <thread>
#include <vector>

#include "models/kernels/cpu/gemm.hpp"

namespace superpod::bench {
namespace {

using namespace models;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t weights_beyond_caches = 256'000'000;  // elements over all copies
constexpr std::int64_t few_rows = 64;

int threads() {
  const char* const given = std::getenv("OMP_NUM_THREADS");
  const int all = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  return given == nullptr ? all : std::clamp(std::atoi(given), 1, all);
}

struct Shape {
  std::int64_t m, n, k;
  [[nodiscard]] std::int64_t copies() const {
    return m > few_rows ? 1 : std::max<std::int64_t>(1, weights_beyond_caches / (n * k));
  }
};

std::vector<fp8::E4m3> random_codes(std::int64_t count) {
  std::mt19937 random{1};
  std::vector<fp8::E4m3> codes(static_cast<std::size_t>(count));
  for (fp8::E4m3& one : codes) {
    const auto bits = static_cast<unsigned>(random());
    one.code = static_cast<std::uint8_t>(bits % fp8::E4m3::nan_code | (bits >> 24 & 0x80U));
  }
  return codes;
}

class Ours {
 public:
  explicit Ours(const Shape& shape)
      : shape_{shape},
        a_{random_codes(shape.m * shape.k)},
        scale_a_(static_cast<std::size_t>(shape.m * blocks(shape.k)), 0.01F),
        b_(static_cast<std::size_t>(shape.copies()), random_codes(shape.n * shape.k)),
        scale_b_(static_cast<std::size_t>(blocks(shape.n) * blocks(shape.k)), 0.01F),
        c_(static_cast<std::size_t>(shape.m * shape.n)) {}

  void run(std::size_t repeat) {
    cpu::block_gemm<cpu::Bf16>(shape_.m, shape_.n, shape_.k, {a_, scale_a_},
                               {b_[repeat % b_.size()], scale_b_}, c_, {threads()});
  }

 private:
  static std::int64_t blocks(std::int64_t length) { return (length + 127) / 128; }
  Shape shape_;
  std::vector<fp8::E4m3> a_;
  std::vector<float> scale_a_;
  std::vector<std::vector<fp8::E4m3>> b_;
  std::vector<float> scale_b_;
  std::vector<cpu::Bf16> c_;
};

class OneDnn {
 public:
  explicit OneDnn(const Shape& shape)
      : matmul_{description(shape)},
        primitive_{matmul_},
        a_{matmul_.src_desc(), engine_},
        c_{matmul_.dst_desc(), engine_} {
    fill(a_);
    for (std::int64_t i = 0; i < shape.copies(); ++i) {
      b_.emplace_back(matmul_.weights_desc(), engine_);
      fill(b_.back());
    }
  }

  void run(std::size_t repeat) {
    primitive_.execute(stream_,
                       {{DNNL_ARG_SRC, a_}, {DNNL_ARG_WEIGHTS, b_[repeat % b_.size()]}, {DNNL_ARG_DST, c_}});
    stream_.wait();
  }

 private:
  dnnl::matmul::primitive_desc description(const Shape& shape) {
    using Memory = dnnl::memory;
    const auto bf16 = Memory::data_type::bf16;
    const Memory::desc a{{shape.m, shape.k}, bf16, Memory::format_tag::ab};
    const Memory::desc b{{shape.k, shape.n}, bf16, Memory::format_tag::any};
    const Memory::desc c{{shape.m, shape.n}, bf16, Memory::format_tag::ab};
    return {dnnl::matmul::desc{a, b, c}, engine_};
  }

  /// Any values will do, in any layout: the time of a product does not depend on them.
  static void fill(const dnnl::memory& memory) {
    const std::vector<fp8::E4m3> codes = random_codes(4096);
    auto* const to = static_cast<cpu::Bf16*>(memory.get_data_handle());
    for (std::size_t i = 0; i < memory.get_desc().get_size() / sizeof(cpu::Bf16); ++i)
      to[i] = cpu::to_bf16(value(codes[i % codes.size()]));
  }

  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream_{engine_};
  dnnl::matmul::primitive_desc matmul_;
  dnnl::matmul primitive_;
  dnnl::memory a_, c_;
  std::vector<dnnl::memory> b_;
};

template <class Side>
double seconds(Side& side, std::size_t repeat) {
  const auto begin = Clock::now();
  side.run(repeat);
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

double median(std::vector<double> times) {
  std::ranges::sort(times);
  return times[times.size() / 2];
}

void block_fp8_and_onednn_bf16(benchmark::State& state) {
  const Shape shape{state.range(0), state.range(1), state.range(2)};
  Ours ours{shape};
  OneDnn onednn{shape};
  seconds(ours, 0);
  seconds(onednn, 0);
  std::vector<double> ours_took, onednn_took;
  std::size_t repeat = 1;
  for (auto _ : state) {
    ours_took.push_back(seconds(ours, repeat));
    onednn_took.push_back(seconds(onednn, repeat));
    state.SetIterationTime(ours_took.back());
    ++repeat;
  }
  const double work =
      2.0 * static_cast<double>(shape.m) * static_cast<double>(shape.n) * static_cast<double>(shape.k);
  state.counters["ours_ms"] = median(ours_took) * 1e3;
  state.counters["onednn_ms"] = median(onednn_took) * 1e3;
  state.counters["ours_gflops"] = work / median(ours_took) * 1e-9;
  state.counters["ratio"] = median(onednn_took) / median(ours_took);
}

void large(benchmark::internal::Benchmark* benchmark) {
  benchmark->Args({2048, 2048, 2048})->Args({4096, 4096, 4096})->Args({8192, 8192, 8192});
}

/// Linear layers of DeepSeek-V3, whose weights are [n][k]: down-projection of the latent queries and of keys
/// and values; up-projection of queries; attention's output; an expert's gate and up-projection.
void few_rows_of_deepseek_v3(benchmark::internal::Benchmark* benchmark) {
  for (const std::int64_t m : {1, 2, 4, 8, 16})
    benchmark->Args({m, 2112, 7168})->Args({m, 24576, 1536})->Args({m, 7168, 16384})->Args({m, 4096, 7168});
}

BENCHMARK(block_fp8_and_onednn_bf16)
    ->Apply(large)
    ->ArgNames({"m", "n", "k"})
    ->Unit(benchmark::kMillisecond)
    ->UseManualTime()
    ->Iterations(5);
BENCHMARK(block_fp8_and_onednn_bf16)
    ->Apply(few_rows_of_deepseek_v3)
    ->ArgNames({"m", "n", "k"})
    ->Unit(benchmark::kMillisecond)
    ->UseManualTime()
    ->Iterations(31);

}  // namespace
}  // namespace superpod::bench
