// Attention on a CPU: its formula in double, and laws that need no formula.
#include "models/kernels/cpu/attention.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <numeric>

#include "tests/models/kernels/cpu/cpu_kernels.hpp"
#include "tests/models/kernels/cpu/reference.hpp"

namespace superpod::models::cpu {
namespace {

/// A batch of its own: who asks, and whom.
struct Batch {
  AttentionSizes sizes;
  std::vector<std::int64_t> first_query, first_key;
  std::vector<Bf16> q, k, v;

  [[nodiscard]] Sequences sequences() const { return {first_query, first_key}; }
  [[nodiscard]] AttentionOperands operands() const { return {q, k, v}; }
};

struct Length {
  std::int64_t queries, keys;
};

std::vector<Bf16> normal(std::int64_t count, std::mt19937& generator) {
  std::normal_distribution<float> distribution;
  std::vector<Bf16> all;
  for (std::int64_t i = 0; i < count; ++i) all.push_back(to_bf16(distribution(generator)));
  return all;
}

Batch random_batch(AttentionSizes sizes, const std::vector<Length>& lengths, std::mt19937& generator) {
  sizes.scale = 1 / std::sqrt(static_cast<float>(sizes.qk_dim));
  Batch batch{sizes, {0}, {0}, {}, {}, {}};
  for (const auto& [queries, keys] : lengths) {
    batch.first_query.push_back(batch.first_query.back() + queries);
    batch.first_key.push_back(batch.first_key.back() + keys);
  }
  batch.q = normal(batch.first_query.back() * sizes.heads * sizes.qk_dim, generator);
  batch.k = normal(batch.first_key.back() * sizes.kv_heads * sizes.qk_dim, generator);
  batch.v = normal(batch.first_key.back() * sizes.kv_heads * sizes.v_dim, generator);
  return batch;
}

std::vector<Bf16> run(const Batch& b, const Execution& way = {}) {
  std::vector<Bf16> out(static_cast<std::size_t>(b.first_query.back() * b.sizes.heads * b.sizes.v_dim));
  attention(b.sizes, b.sequences(), b.operands(), out, way);
  return out;
}

/// Half a unit of BF16, and FP32 in scores of up to 576 products and in sums of weights, for values of order
/// one.
double bound(double exact) { return std::abs(exact) * 0x1p-8 + 2e-5; }

/// The worst of |found - exact| / bound; NaN must meet NaN.
double worst(const std::vector<Bf16>& found, const std::vector<double>& exact) {
  double most = found.size() == exact.size() ? 0 : std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < found.size() && i < exact.size(); ++i) {
    const double x = static_cast<double>(value(found[i]));
    if (std::isnan(x) && std::isnan(exact[i])) continue;
    if (std::isinf(x) && x == exact[i]) continue;
    const double error = std::abs(x - exact[i]) / bound(exact[i]);
    most = error <= most ? most : std::isnan(error) ? std::numeric_limits<double>::infinity() : error;
  }
  return most;
}

void check(const Batch& batch) {
  const std::vector<double> exact = reference_attention(batch.sizes, batch.sequences(), batch.operands());
  std::vector<Bf16> first;
  for (const Execution& way : ways()) {
    const std::vector<Bf16> out = run(batch, way);
    EXPECT_LE(worst(out, exact), 1) << static_cast<int>(way.path) << ", " << way.threads;
    if (way.threads == 1) first = out;
    EXPECT_TRUE(out.size() == first.size() && std::equal(out.begin(), out.end(), first.begin()));
  }
}

constexpr AttentionSizes mla_prefill{2, 2, 192, 128, 1, true}, gqa{8, 2, 128, 128, 1, true},
    odd{6, 3, 37, 53, 1, true}, unmasked{4, 1, 64, 80, 1, false};

TEST(CpuAttention, FitsItsFormulaInPrefill) {
  std::mt19937 generator{31};
  check(random_batch(mla_prefill, {{1, 1}, {63, 63}, {130, 130}}, generator));
  check(random_batch(gqa, {{40, 40}, {0, 0}, {17, 17}}, generator));
  check(random_batch(odd, {{65, 65}, {5, 5}}, generator));
}

TEST(CpuAttention, FitsItsFormulaInChunksOfAPrefill) {
  std::mt19937 generator{32};
  check(random_batch(gqa, {{10, 100}, {1, 64}, {3, 65}}, generator));
  check(random_batch(unmasked, {{7, 200}, {30, 3}}, generator));
}

TEST(CpuAttention, FitsItsFormulaInDecode) {
  std::mt19937 generator{33};
  check(random_batch(gqa, {{1, 300}, {1, 1}, {1, 64}, {1, 129}}, generator));
  check(random_batch(odd, {{1, 77}, {2, 131}}, generator));
}

TEST(CpuAttention, AQueryThatSeesNoKeyGivesZeros) {
  std::mt19937 generator{34};
  const Batch batch = random_batch(odd, {{5, 2}, {3, 0}}, generator);
  check(batch);
  const std::vector<Bf16> out = run(batch);
  const std::int64_t row = odd.heads * odd.v_dim;
  EXPECT_EQ(std::count(out.begin(), out.begin() + 3 * row, to_bf16(0)), 3 * row);
  EXPECT_EQ(std::count(out.begin() + 5 * row, out.end(), to_bf16(0)), 3 * row);
}

TEST(CpuAttention, OfOneKeyIsItsValue) {
  std::mt19937 generator{35};
  const Batch batch = random_batch(mla_prefill, {{1, 1}}, generator);
  EXPECT_EQ(run(batch), batch.v);
}

TEST(CpuAttention, OfEqualKeysIsTheMeanOfTheValues) {
  std::mt19937 generator{36};
  Batch batch = random_batch(unmasked, {{4, 150}}, generator);
  for (std::size_t i = 0; i < batch.k.size(); ++i) batch.k[i] = batch.k[i % 64];
  std::vector<double> exact;
  for (int row = 0; row < 4 * 4; ++row)
    for (std::size_t d = 0; d < 80; ++d) {
      double sum = 0;
      for (std::size_t j = 0; j < 150; ++j) sum += static_cast<double>(value(batch.v[j * 80 + d]));
      exact.push_back(sum / 150);
    }
  for (const Path path : paths()) EXPECT_LE(worst(run(batch, {1, path}), exact), 1);
}

TEST(CpuAttention, AConstantAddedToAllScoresOfAQueryChangesNothing) {
  // One more element of each key, 1, multiplies 12 in each query.
  std::mt19937 generator{37};
  const Batch batch = random_batch(gqa, {{20, 90}}, generator);
  Batch shifted{batch.sizes, batch.first_query, batch.first_key, {}, {}, batch.v};
  shifted.sizes.qk_dim = 129;
  for (std::size_t i = 0; i < batch.q.size(); ++i) {
    shifted.q.push_back(batch.q[i]);
    if (i % 128 == 127) shifted.q.push_back(to_bf16(12 / batch.sizes.scale));
  }
  for (std::size_t i = 0; i < batch.k.size(); ++i) {
    shifted.k.push_back(batch.k[i]);
    if (i % 128 == 127) shifted.k.push_back(to_bf16(1));
  }
  const std::vector<double> exact = reference_attention(batch.sizes, batch.sequences(), batch.operands());
  for (const Path path : paths()) EXPECT_LE(worst(run(shifted, {1, path}), exact), 1);
}

TEST(CpuAttention, DecodeDoesNotCareForTheOrderOfKeys) {
  std::mt19937 generator{38};
  const Batch batch = random_batch(gqa, {{1, 333}}, generator);
  Batch permuted = batch;
  std::vector<std::ptrdiff_t> order(333);
  std::iota(order.begin(), order.end(), 0);
  std::ranges::shuffle(order, generator);
  const std::ptrdiff_t token = gqa.kv_heads * 128;
  for (std::ptrdiff_t i = 0; i < 333; ++i) {
    std::copy_n(batch.k.begin() + order[static_cast<std::size_t>(i)] * token, token,
                permuted.k.begin() + i * token);
    std::copy_n(batch.v.begin() + order[static_cast<std::size_t>(i)] * token, token,
                permuted.v.begin() + i * token);
  }
  const std::vector<double> exact = reference_attention(batch.sizes, batch.sequences(), batch.operands());
  EXPECT_LE(worst(run(permuted), exact), 1);
}

TEST(CpuAttention, LargeScoresDoNotOverflow) {
  std::mt19937 generator{39};
  Batch batch = random_batch(gqa, {{1, 200}}, generator);
  batch.sizes.scale = 1000;  // scores of some ten thousand: the softmax takes the largest
  check(batch);
}

TEST(CpuAttention, NanAndInfinityReachOnlyWhoSeesThem) {
  std::mt19937 generator{40};
  constexpr float infinity = std::numeric_limits<float>::infinity();
  Batch batch = random_batch(gqa, {{100, 100}}, generator);
  const std::size_t token = 2 * 128;
  batch.v[70 * token + 5] = to_bf16(infinity);  // an infinite value: infinite sums of queries from 70 on
  batch.v[90 * token + 9] = to_bf16(std::numeric_limits<float>::quiet_NaN());
  batch.k[80 * token + 128] = to_bf16(std::numeric_limits<float>::quiet_NaN());  // the other head of keys
  batch.k[30 * token + 130] = to_bf16(infinity);  // a score of either infinity, by the sign of q
  check(batch);
}

struct Latent {
  LatentSizes sizes;
  std::vector<std::int64_t> first_query, first_key;
  std::vector<Bf16> q, entries;
};

Latent random_latent(LatentSizes sizes, const std::vector<Length>& lengths, std::mt19937& generator) {
  const std::int64_t entry = sizes.latent_dim + sizes.rotary_dim;
  Batch batch = random_batch({sizes.heads, 1, entry, sizes.latent_dim, 1, true}, lengths, generator);
  sizes.scale = batch.sizes.scale;
  return {sizes, batch.first_query, batch.first_key, batch.q, batch.k};
}

template <class Cached>
void check(const Latent& l, const LatentCache<Cached>& cache) {
  const Sequences sequences{l.first_query, l.first_key};
  const std::vector<double> exact = reference_mla_decode(l.sizes, sequences, l.q, cache);
  for (const Execution& way : ways()) {
    std::vector<Bf16> out(exact.size());
    mla_decode(l.sizes, sequences, l.q, cache, out, way);
    EXPECT_LE(worst(out, exact), 1) << static_cast<int>(way.path) << ", " << way.threads;
  }
}

TEST(CpuMlaDecode, FitsItsFormulaWithABf16Cache) {
  std::mt19937 generator{41};
  for (const Latent& l : {random_latent({16, 512, 64, 1, true}, {{1, 200}, {1, 3}}, generator),
                          random_latent({70, 61, 7, 1, true}, {{2, 65}, {1, 1}}, generator)})
    check(l, LatentCache<Bf16>{l.entries, {}});
}

TEST(CpuMlaDecode, FitsItsFormulaWithAnFp8Cache) {
  std::mt19937 generator{42};
  for (const Latent& l : {random_latent({16, 512, 64, 1, true}, {{1, 200}, {1, 3}}, generator),
                          random_latent({70, 61, 7, 1, true}, {{2, 65}, {1, 1}}, generator)}) {
    std::vector<fp8::E4m3> entries;
    for (const Bf16 x : l.entries) entries.push_back(fp8::to_e4m3(value(x) * 16));
    std::vector<float> scales;
    for (std::int64_t i = 0; i < l.first_key.back(); ++i)
      scales.push_back(static_cast<float>(generator() % 100 + 1) / 1000);
    check(l, LatentCache<fp8::E4m3>{entries, scales});
  }
}

TEST(CpuMlaDecode, EveryCodeOfTheCacheMeansItsValue) {
  // One key a sequence: the result is its value. Every code but the two NaN, which have a sequence of their
  // own.
  std::vector<fp8::E4m3> entries;
  for (int code = 0; code < 256; ++code) entries.push_back({static_cast<std::uint8_t>(code)});
  const std::vector<std::int64_t> first{0, 1};
  const LatentSizes sizes{1, 256, 0, 0, true};
  const std::vector<Bf16> q(256);
  for (const Path path : paths()) {
    std::vector<Bf16> out(256);
    std::vector<fp8::E4m3> numbers = entries;
    numbers[0x7F] = numbers[0xFF] = {0};
    mla_decode(sizes, {first, first}, q, LatentCache<fp8::E4m3>{numbers, {}}, out, {1, path});
    for (std::size_t i = 0; i < 256; ++i) EXPECT_EQ(value(out[i]), fp8::value(numbers[i]));
    mla_decode(sizes, {first, first}, q, LatentCache<fp8::E4m3>{entries, {}}, out, {1, path});
    for (const Bf16 x : out) EXPECT_TRUE(std::isnan(value(x)));  // 0 * NaN in the score
  }
}

TEST(CpuAttention, RefusesWhatDoesNotFit) {
  std::mt19937 generator{43};
  Batch batch = random_batch(gqa, {{2, 3}}, generator);
  std::vector<Bf16> out(2 * 8 * 128);
  batch.k.pop_back();
  EXPECT_THROW(attention(batch.sizes, batch.sequences(), batch.operands(), out), std::invalid_argument);
  batch.k.push_back({});
  batch.sizes.kv_heads = 3;
  EXPECT_THROW(attention(batch.sizes, batch.sequences(), batch.operands(), out), std::invalid_argument);
}

}  // namespace
}  // namespace superpod::models::cpu
