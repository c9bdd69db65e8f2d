#include "models/kernels/cuda/attention.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "models/kernels/cuda/launches.hpp"
#include "models/kernels/cuda/reference.hpp"
#include "models/kernels/cuda/timed.hpp"

namespace superpod::models::cuda {
namespace {

int whole(double size) { return std::max(1, static_cast<int>(std::lround(size))); }

/// Whether the mask is causal; nothing where it is neither that nor absent (a window, chosen keys).
std::optional<bool> is_causal(const AttentionShape& shape, const Attention& work) {
  const double all = static_cast<double>(work.queries) * work.keys;
  const double causal = all - 0.5 * work.queries * (work.queries - 1.0);
  const double tolerance = work.queries;  // some count half of the diagonal
  if (work.keys >= work.queries && std::abs(shape.pairs - causal) <= tolerance) return true;
  if (std::abs(shape.pairs - all) <= tolerance) return false;
  return std::nullopt;
}

/// Keys are split where the queries alone leave multiprocessors idle, but into no less than 256 each.
int splits_of(const Attention& work) {
  constexpr int rows_of_block = 64, fewest_keys = 256, most_splits = 128;
  int device = 0, multiprocessors = 0;
  require(cudaGetDevice(&device), "device");
  require(cudaDeviceGetAttribute(&multiprocessors, cudaDevAttrMultiProcessorCount, device),
          "multiprocessors");
  const int rows = work.queries * (work.heads / work.kv_heads);
  const int blocks = (rows + rows_of_block - 1) / rows_of_block * work.kv_heads * work.sequences;
  const int resident = work.shared_kv ? multiprocessors : 2 * multiprocessors;
  return std::clamp(std::min(resident / blocks, work.keys / fewest_keys), 1, most_splits);
}

/// Nothing where there is no such kernel.
std::optional<Attention> work_of(const Kernel& kernel) {
  const AttentionShape& shape = kernel.attention;
  if (kernel.precision != Precision::bf16 || kernel.cached != Precision::bf16 || shape.backward)
    return std::nullopt;
  Attention work{};
  work.sequences = whole(shape.sequences);
  work.queries = whole(shape.queries);
  work.keys = whole(shape.keys);
  work.kv_heads = whole(shape.kv_heads);
  work.heads = whole(shape.heads);
  work.qk_dim = whole(shape.qk_dim);
  work.v_dim = static_cast<int>(std::lround(shape.v_dim));
  work.shared_kv = shape.shared_kv;
  const std::optional<bool> causal = is_causal(shape, work);
  if (!causal || work.heads % work.kv_heads != 0 || !has_kernel(work.qk_dim, work.v_dim, work.shared_kv))
    return std::nullopt;
  work.causal = *causal;
  work.splits = splits_of(work);
  return work;
}

class FusedAttention : public Timed {
 public:
  FusedAttention(const Attention& work, std::uint64_t seed)
      : work_{work},
        q_{vectors() * width(work.qk_dim)},
        k_{keys() * width(work.qk_dim)},
        v_{work.shared_kv ? 0 : keys() * width(work.v_dim)},
        out_{vectors() * width(work.v_dim)},
        log_sum_exp_{vectors()},
        partial_out_{work.splits > 1 ? width(work.splits) * out_.size() : 0},
        partial_log_sum_{work.splits > 1 ? width(work.splits) * vectors() : 0} {
    work_.q = q_.get();
    work_.k = k_.get();
    work_.v = v_.get();
    work_.out = out_.get();
    work_.log_sum_exp = log_sum_exp_.get();
    work_.partial_out = partial_out_.get();
    work_.partial_log_sum = partial_log_sum_.get();
    require(fill_bf16(q_.get(), q_.size(), seed, stream()), "fill");
    require(fill_bf16(k_.get(), k_.size(), seed + 1, stream()), "fill");
    require(fill_bf16(v_.get(), v_.size(), seed + 2, stream()), "fill");
  }

  [[nodiscard]] std::string implementation() const override {
    return "superpod mma.sync" + (work_.splits > 1 ? " keys split in " + std::to_string(work_.splits) : "");
  }
  double error() override;

 protected:
  void enqueue(cudaStream_t stream) override { require(launch(work_, stream), "attention"); }
  [[nodiscard]] int nodes() const override { return work_.splits > 1 ? 2 : 1; }

 private:
  using Bf16s = std::vector<__nv_bfloat16>;

  static std::size_t width(int x) { return static_cast<std::size_t>(x); }
  [[nodiscard]] std::size_t vectors() const {
    return width(work_.sequences) * width(work_.queries) * width(work_.heads);
  }
  [[nodiscard]] std::size_t keys() const {
    return width(work_.sequences) * width(work_.keys) * width(work_.kv_heads);
  }

  Attention work_;
  Memory<__nv_bfloat16> q_, k_, v_, out_;
  Memory<float> log_sum_exp_, partial_out_, partial_log_sum_;
};

double element(const std::vector<__nv_bfloat16>& array, std::size_t index) {
  return value_of_bf16(std::bit_cast<std::uint16_t>(array[index]));
}

/// The shares of the keys that a query sees, in double.
std::vector<double> softmax(const std::vector<double>& scores) {
  if (scores.empty()) return {};
  const double top = *std::ranges::max_element(scores);
  std::vector<double> shares;
  double sum = 0;
  for (const double score : scores) sum += shares.emplace_back(std::exp(score - top));
  for (double& share : shares) share /= sum;
  return shares;
}

double FusedAttention::error() {
  const Bf16s q = q_.on_host(), k = k_.on_host(), v = v_.on_host(), out = out_.on_host();
  const std::size_t qk_dim = width(work_.qk_dim), v_dim = width(work_.v_dim), heads = width(work_.heads);
  const std::size_t queries = width(work_.queries), all_keys = width(work_.keys);
  const std::size_t kv_heads = width(work_.kv_heads), value_width = work_.shared_kv ? qk_dim : v_dim;
  const Bf16s& values = work_.shared_kv ? k : v;
  double worst = 0;
  constexpr std::size_t columns = 16;  // of each vector of the sample
  for (const std::int64_t at : sample(static_cast<std::int64_t>(vectors()))) {
    const auto vector = static_cast<std::size_t>(at);
    const std::size_t head = vector % heads, query = vector / heads % queries,
                      sequence = vector / heads / queries;
    const std::size_t visible = work_.causal ? all_keys - queries + query + 1 : all_keys;
    const auto row = [&](std::size_t key) {
      return (sequence * all_keys + key) * kv_heads + head / (heads / kv_heads);
    };
    std::vector<double> scores;
    for (std::size_t key = 0; key < visible; ++key) {
      double score = 0;
      for (std::size_t d = 0; d < qk_dim; ++d)
        score += element(q, vector * qk_dim + d) * element(k, row(key) * qk_dim + d);
      scores.push_back(score / std::sqrt(static_cast<double>(qk_dim)));
    }
    const std::vector<double> shares = softmax(scores);
    for (std::size_t column = vector % (v_dim / columns); column < v_dim; column += v_dim / columns) {
      double want = 0, magnitude = 0;
      for (std::size_t key = 0; key < visible; ++key) {
        const double x = shares[key] * element(values, row(key) * value_width + column);
        want += x;
        magnitude += std::abs(x);
      }
      // Shares and result are each rounded to BF16.
      const double explained = bf16_rounding * (std::abs(want) + magnitude);
      worst = worse(worst, std::abs(element(out, vector * v_dim + column) - want) / explained);
    }
  }
  return worst;
}

}  // namespace

std::unique_ptr<ReadyKernel> prepare_attention(const Kernel& kernel, std::uint64_t seed) {
  const std::optional<Attention> work = work_of(kernel);
  if (!work) return nullptr;
  auto ready = std::make_unique<FusedAttention>(*work, seed);
  ready->settle();
  return ready;
}

}  // namespace superpod::models::cuda
