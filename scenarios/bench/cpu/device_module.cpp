// The kernels of models/kernels/cpu on this machine's processors.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <functional>
#include <vector>

#include "models/kernels/cpu/attention.hpp"
#include "models/kernels/cpu/execution.hpp"
#include "models/kernels/cpu/gemm.hpp"
#include "models/kernels/cpu/parallel.hpp"
#include "models/kernels/cpu/quantise.hpp"
#include "models/kernels/cpu/rms_norm.hpp"
#include "models/kernels/cpu/swiglu.hpp"
#include "models/random/random.hpp"
#include "scenarios/bench/cpu_device_door.hpp"
#include "scenarios/bench/device.hpp"
#include "scenarios/bench/machine.hpp"

namespace superpod::scenarios {
namespace {

using models::Kernel;
using models::Measurement;
using models::Precision;
using models::Scaling;
namespace cpu = models::cpu;
namespace fp8 = models::fp8;

std::string word(auto value) {
  for (const auto& [name, known] : words(value))
    if (known == value) return std::string{name};
  return {};
}

std::string on_threads(int threads) {
  return std::to_string(threads) + (threads == 1 ? " thread" : " threads");
}

/// A buffer of twice the largest cache: written by all threads, it drives out what they held.
class CacheFlush {
 public:
  CacheFlush(Bytes largest_cache, int threads) : threads_{threads} {
    constexpr Bytes unknown = 64 * unit::MiB, most = 512 * unit::MiB;
    const Bytes cache = largest_cache > Bytes{} ? largest_cache : unknown;
    buffer_.resize(static_cast<std::size_t>(std::min(most, 2 * cache).in(unit::B)));
  }

  void operator()() {
    ++round_;
    cpu::in_parallel(static_cast<std::int64_t>(buffer_.size()), threads_,
                     [&](std::int64_t begin, std::int64_t end) {
                       std::memset(buffer_.data() + begin, round_, static_cast<std::size_t>(end - begin));
                     });
  }

 private:
  std::vector<unsigned char> buffer_;
  int threads_;
  unsigned char round_ = 0;
};

/// Whatever runs when called, its operands with it.
class CpuTask : public ReadyTask {
 public:
  CpuTask(std::function<void()> kernel, std::string implementation, CacheFlush& flush)
      : kernel_{std::move(kernel)}, implementation_{std::move(implementation)}, flush_{&flush} {}

  Seconds run(int times, Measurement::Caches caches) override {
    if (caches != Measurement::Caches::cold)
      return timed([&] {
               for (int i = 0; i < times; ++i) kernel_();
             }) /
             times;
    Seconds sum;
    for (int i = 0; i < times; ++i) {
      (*flush_)();
      sum += timed(kernel_);
    }
    return sum / times;
  }
  [[nodiscard]] std::string implementation() const override { return implementation_; }

 private:
  static Seconds timed(const std::function<void()>& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return Seconds{std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count()};
  }

  std::function<void()> kernel_;
  std::string implementation_;
  CacheFlush* flush_;
};

std::vector<fp8::E4m3> random_codes(std::size_t count, models::Random& random) {
  std::vector<fp8::E4m3> codes(count);
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < count; ++i, bits >>= 8U) {
    if (i % 8 == 0) bits = random.bits() & 0xBFBF'BFBF'BFBF'BFBFU;  // magnitudes below 2: no NaN
    codes[i].code = static_cast<std::uint8_t>(bits);
  }
  return codes;
}

std::vector<cpu::Bf16> random_rows(std::size_t count, models::Random& random) {
  std::vector<cpu::Bf16> values(count);
  for (cpu::Bf16& value : values) value = cpu::to_bf16(static_cast<float>(2 * random.uniform() - 1));
  return values;
}

/// Operands and result of products with the same number of rows in each group.
struct Product {
  std::int64_t n, k;
  std::vector<std::int64_t> row_ends;
  std::vector<fp8::E4m3> a, b;
  std::vector<float> a_scales, b_scales;
  std::vector<cpu::Bf16> c;
};

std::shared_ptr<Product> product_of(const models::MatrixShape& shape, std::uint64_t seed) {
  const auto whole = [](double size) { return static_cast<std::int64_t>(std::max(1.0, std::round(size))); };
  const auto blocks = [](std::int64_t size) { return (size + 127) / 128; };
  const std::int64_t groups = whole(shape.groups), m = whole(shape.m), n = whole(shape.n), k = whole(shape.k);
  models::Random random{seed};
  auto product = std::make_shared<Product>();
  product->n = n;
  product->k = k;
  for (std::int64_t g = 1; g <= groups; ++g) product->row_ends.push_back(g * m);
  product->a = random_codes(static_cast<std::size_t>(groups * m * k), random);
  product->b = random_codes(static_cast<std::size_t>(groups * n * k), random);
  product->a_scales.assign(static_cast<std::size_t>(groups * m * blocks(k)), 0.125F);
  product->b_scales.assign(static_cast<std::size_t>(groups * blocks(n) * blocks(k)), 0.25F);
  product->c.resize(static_cast<std::size_t>(groups * m * n));
  return product;
}

/// Sequences of equal length.
struct Attention {
  std::vector<std::int64_t> first_query, first_key;
  std::vector<cpu::Bf16> q, k, v, out;
  std::vector<fp8::E4m3> narrow_latents;

  [[nodiscard]] cpu::Sequences sequences() const { return {first_query, first_key}; }
};

std::shared_ptr<Attention> attention_of(const Kernel& kernel, std::uint64_t seed) {
  const models::AttentionShape& shape = kernel.attention;
  const auto size = [](double number) { return static_cast<std::size_t>(number); };
  const double queries = shape.sequences * shape.queries, keys = shape.sequences * shape.keys;
  models::Random random{seed};
  auto data = std::make_shared<Attention>();
  for (std::int64_t s = 0; s <= static_cast<std::int64_t>(shape.sequences); ++s) {
    data->first_query.push_back(s * static_cast<std::int64_t>(shape.queries));
    data->first_key.push_back(s * static_cast<std::int64_t>(shape.keys));
  }
  data->q = random_rows(size(queries * shape.heads * shape.qk_dim), random);
  data->out.resize(size(queries * shape.heads * shape.v_dim));
  const std::size_t elements = size(keys * shape.kv_heads * shape.qk_dim);
  if (kernel.cached == Precision::fp8)
    data->narrow_latents = random_codes(elements, random);
  else
    data->k = random_rows(elements, random);
  if (!shape.shared_kv) data->v = random_rows(size(keys * shape.kv_heads * shape.v_dim), random);
  return data;
}

class CpuDevice : public BenchDevice {
 public:
  explicit CpuDevice(int threads)
      : threads_{threads > 0 ? threads : machine_.processors}, flush_{machine_.largest_cache, threads_} {}

  [[nodiscard]] std::string name() const override { return device_name("cpu", machine_.model); }
  [[nodiscard]] std::string notes() const override { return text(machine_) + "; " + on_threads(threads_); }
  [[nodiscard]] const Abilities& abilities() const override { return abilities_; }

  std::unique_ptr<ReadyTask> prepare(const Task& task, std::uint64_t seed) override {
    if (task.work) return row_work(*task.work, seed);
    if (task.kernel.kind == Kernel::Kind::attention) return attention(task.kernel, seed);
    if (task.kernel.precision != Precision::fp8 || task.kernel.scaling != Scaling::block) return nullptr;
    return product(task.kernel, seed);
  }

 private:
  std::unique_ptr<ReadyTask> ready(std::function<void()> kernel, const std::string& by) {
    return std::make_unique<CpuTask>(std::move(kernel), "superpod cpu " + by + ", " + on_threads(threads_),
                                     flush_);
  }

  std::unique_ptr<ReadyTask> product(const Kernel& kernel, std::uint64_t seed) {
    const cpu::GemmExecution on{.threads = threads_};
    return ready(
        [p = product_of(kernel.matrix, seed), on] {
          cpu::grouped_block_gemm({p->row_ends, p->n, p->k}, {p->a, p->a_scales}, {p->b, p->b_scales},
                                  std::span<cpu::Bf16>{p->c}, on);
        },
        word(on.multiplier));
  }

  std::unique_ptr<ReadyTask> attention(const Kernel& kernel, std::uint64_t seed) {
    const models::AttentionShape& shape = kernel.attention;
    const auto data = attention_of(kernel, seed);
    const cpu::Execution on{.threads = threads_};
    const auto dim = [](double size) { return static_cast<std::int64_t>(size); };
    const auto scale = static_cast<float>(1 / std::sqrt(shape.qk_dim));
    if (shape.shared_kv) {
      const cpu::LatentSizes sizes{.heads = dim(shape.heads),
                                   .latent_dim = dim(shape.v_dim),
                                   .rotary_dim = dim(shape.qk_dim - shape.v_dim),
                                   .scale = scale};
      const auto decode = [=]<class Cached>(std::span<const Cached> entries) {
        cpu::mla_decode(sizes, data->sequences(), data->q, cpu::LatentCache<Cached>{entries, {}},
                        std::span<cpu::Bf16>{data->out}, on);
      };
      if (kernel.cached == Precision::fp8)
        return ready([=] { decode(std::span<const fp8::E4m3>{data->narrow_latents}); }, word(on.path));
      return ready([=] { decode(std::span<const cpu::Bf16>{data->k}); }, word(on.path));
    }
    const cpu::AttentionSizes sizes{.heads = dim(shape.heads),
                                    .kv_heads = dim(shape.kv_heads),
                                    .qk_dim = dim(shape.qk_dim),
                                    .v_dim = dim(shape.v_dim),
                                    .scale = scale};
    return ready(
        [=] {
          cpu::attention(sizes, data->sequences(), {data->q, data->k, data->v},
                         std::span<cpu::Bf16>{data->out}, on);
        },
        word(on.path));
  }

  std::unique_ptr<ReadyTask> row_work(const RowWork& work, std::uint64_t seed) {
    using enum RowWork::What;
    using Quantised = cpu::QuantisedRows<float>;
    const std::int64_t rows = work.rows, inputs = work.columns * (work.what == swiglu_quantise ? 2 : 1);
    const cpu::Execution on{.threads = threads_};
    models::Random random{seed};
    const auto x = std::make_shared<std::vector<cpu::Bf16>>(
        random_rows(static_cast<std::size_t>(rows * inputs), random));
    const auto out = std::make_shared<Quantised>();
    const std::string by = word(on.path) + ", " + text(work);
    const auto in = [x, rows, inputs] { return cpu::Rows<cpu::Bf16>{*x, rows, inputs}; };
    switch (work.what) {
      case quantise:
        return ready([=] { cpu::quantise_rows(in(), *out, on); }, by);
      case rms_norm_quantise: {
        const auto weight =
            std::make_shared<std::vector<cpu::Bf16>>(random_rows(static_cast<std::size_t>(inputs), random));
        constexpr float epsilon = 1e-6F;
        return ready([=] { cpu::rms_norm_quantise<float>(in(), *weight, epsilon, *out, on); }, by);
      }
      case swiglu_quantise:
        return ready([=] { cpu::swiglu_quantise(in(), *out, on); }, by);
      case launch:
      case copy:
      case rms_norm:
        break;
    }
    return nullptr;
  }

  Machine machine_ = this_machine();
  int threads_;
  CacheFlush flush_;
  Abilities abilities_{
      .gemm = {{Precision::fp8, Scaling::block}},
      .grouped_gemm = {{Precision::fp8, Scaling::block}},
      .attention = {{Precision::bf16, Precision::bf16}, {Precision::bf16, Precision::fp8}},
      .works = {RowWork::What::quantise, RowWork::What::rms_norm_quantise, RowWork::What::swiglu_quantise},
      .largest_work = Flops{1e11},
      .largest_traffic = 512 * unit::MiB};
};

}  // namespace

}  // namespace superpod::scenarios

void superpod_make_cpu_device(int threads, std::unique_ptr<superpod::scenarios::BenchDevice>& made) {
  made = std::make_unique<superpod::scenarios::CpuDevice>(threads);
}
