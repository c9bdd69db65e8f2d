// Attention of some rows to a tile of keys after another. Compiled once for each target of Highway, as its
// guard says.
#if defined(SUPERPOD_MODELS_KERNELS_CPU_ATTENTION_TILE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef SUPERPOD_MODELS_KERNELS_CPU_ATTENTION_TILE_INL
#undef SUPERPOD_MODELS_KERNELS_CPU_ATTENTION_TILE_INL
#else
#define SUPERPOD_MODELS_KERNELS_CPU_ATTENTION_TILE_INL
#endif

#include <hwy/aligned_allocator.h>
#include <hwy/cache_control.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/kernels/cpu/attention_job.hpp"
#include "models/kernels/cpu/exp-inl.hpp"
#include "models/kernels/cpu/product-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace superpod::models::cpu::HWY_NAMESPACE {

constexpr std::int64_t tile_keys = 64;

constexpr std::int64_t padded(std::int64_t dim) { return (dim + 63) / 64 * 64; }

/// What a job keeps between tiles, and one tile in FP32.
struct Scratch {
  std::int64_t qk_stride, v_stride;
  hwy::AlignedFreeUniquePtr<float[]> q,             ///< [rows][qk_stride], times the scale of the scores
      keys,                                         ///< [qk_stride][tile_keys]: transposed
      lines,                                        ///< [4][qk_stride]: keys on their way there
      values,                                       ///< [tile_keys][v_stride]
      scores,                                       ///< [rows][tile_keys], then their weights
      sums;                                         ///< [rows][v_stride]: weighted values
  float largest[rows_of_job], weight[rows_of_job];  ///< score so far, and sum of weights relative to it
  bool finite_values;                               ///< of the tile

  explicit Scratch(const AttentionSizes& sizes)
      : qk_stride{padded(sizes.qk_dim)}, v_stride{padded(sizes.v_dim)} {
    const auto allocate = [](std::int64_t count) {
      return hwy::AllocateAligned<float>(static_cast<std::size_t>(count));
    };
    q = allocate(rows_of_job * qk_stride);
    keys = allocate(tile_keys * qk_stride);
    lines = allocate(4 * qk_stride);
    values = allocate(tile_keys * v_stride);
    scores = allocate(rows_of_job * tile_keys);
    sums = allocate(rows_of_job * v_stride);
  }
};

/// to[j] = from[j] * scale; `to` is written up to a whole vector. The largest magnitude's bits.
template <class In>
HWY_INLINE Word widen(const In* from, std::int64_t count, float scale, float* to) {
  const Float by = hn::Set(floats, scale);
  Word most = hn::Zero(ints);
  along_row(from, count, [&](std::int64_t j, Float x) HWY_ATTR {
    const Float scaled = hn::Mul(x, by);
    most = hn::Max(most, magnitude_bits(scaled));
    store(scaled, to + j);
  });
  return most;
}

#if HWY_TARGET == HWY_SCALAR
HWY_INLINE void transpose_4(const float* from, std::int64_t from_stride, float* to, std::int64_t to_stride) {
  for (std::int64_t i = 0; i < 4; ++i)
    for (std::int64_t j = 0; j < 4; ++j) to[j * to_stride + i] = from[i * from_stride + j];
}
#else
/// 4 x 4 floats.
HWY_INLINE void transpose_4(const float* from, std::int64_t from_stride, float* to, std::int64_t to_stride) {
  constexpr hn::FixedTag<float, 4> four;
  const auto a = hn::Load(four, from), b = hn::Load(four, from + from_stride);
  const auto c = hn::Load(four, from + 2 * from_stride), d = hn::Load(four, from + 3 * from_stride);
  const auto ac_low = hn::InterleaveLower(four, a, c), bd_low = hn::InterleaveLower(four, b, d);
  const auto ac_high = hn::InterleaveUpper(four, a, c), bd_high = hn::InterleaveUpper(four, b, d);
  hn::Store(hn::InterleaveLower(four, ac_low, bd_low), four, to);
  hn::Store(hn::InterleaveUpper(four, ac_low, bd_low), four, to + to_stride);
  hn::Store(hn::InterleaveLower(four, ac_high, bd_high), four, to + 2 * to_stride);
  hn::Store(hn::InterleaveUpper(four, ac_high, bd_high), four, to + 3 * to_stride);
}
#endif

/// Keys [first, first + count) of the batch, in a sequence whose keys end before `end`.
struct Tile {
  std::int64_t kv_head, first, count, end;
};

/// Asks for what the next tile will read: a head's lines lie apart, so the processor does not foresee them.
template <class Cached>
HWY_INLINE void fetch_line_of_next_tile(const Cached* line, std::int64_t stride, std::int64_t dim,
                                        std::int64_t left) {
  if (left <= tile_keys) return;
  constexpr std::int64_t step = 64 / sizeof(Cached);
  for (std::int64_t d = 0; d < dim; d += step) hwy::Prefetch(line + tile_keys * stride + d);
}

/// Columns past the tile's count are filled with copies of the last four lines; their scores are masked.
template <class Cached>
HWY_INLINE void load_keys(const AttentionProblem<Cached>& p, const Tile& tile, Scratch& s) {
  const std::int64_t dim = p.sizes.qk_dim;
  for (std::int64_t t = 0; t < tile_keys; t += 4) {
    for (std::int64_t i = t; i < std::min(t + 4, tile.count); ++i) {
      const std::int64_t token = tile.first + i;
      const Cached* key = p.k + token * p.k_stride + tile.kv_head * dim;
      fetch_line_of_next_tile(key, p.k_stride, dim, tile.end - token);
      widen(key, dim, p.token_scales ? p.token_scales[token] : 1.0F, s.lines.get() + (i - t) * s.qk_stride);
    }
    for (std::int64_t d = 0; d < dim; d += 4)
      transpose_4(s.lines.get() + d, s.qk_stride, s.keys.get() + d * tile_keys + t, tile_keys);
  }
}

template <class Cached>
HWY_INLINE void load_values(const AttentionProblem<Cached>& p, const Tile& tile, Scratch& s) {
  const std::int64_t dim = p.sizes.v_dim;
  Word most = hn::Zero(ints);
  for (std::int64_t i = 0; i < tile.count; ++i) {
    const std::int64_t token = tile.first + i;
    const Cached* line = p.v + token * p.v_stride + tile.kv_head * dim;
    fetch_line_of_next_tile(line, p.v_stride, dim, tile.end - token);
    const float scale = p.token_scales ? p.token_scales[token] : 1.0F;
    most = hn::Max(most, widen(line, dim, scale, s.values.get() + i * s.v_stride));
  }
  s.finite_values = hn::GetLane(hn::MaxOfLanes(ints, most)) < 0x7F80'0000;
}

/// The scores of a row, of which it sees `visible`, become weights relative to the largest so far; what was
/// summed before is made relative to it too.
HWY_INLINE void weigh(std::int64_t row, std::int64_t visible, Scratch& s) {
  constexpr float none = -std::numeric_limits<float>::infinity();
  float* const scores = s.scores.get() + row * tile_keys;
  std::fill(scores + visible, scores + tile_keys, none);
  Float most = hn::Set(floats, s.largest[row]);
  for (std::int64_t t = 0; t < tile_keys; t += lanes()) most = hn::Max(most, load(scores + t));
  const float largest = hn::GetLane(hn::MaxOfLanes(floats, most));
  const Float relative_to = hn::Set(floats, largest == none ? 0.0F : largest);
  Float sum = hn::Zero(floats);
  for (std::int64_t t = 0; t < tile_keys; t += lanes()) {
    const Float weight = exp_of(hn::Sub(load(scores + t), relative_to));
    sum = hn::Add(sum, weight);
    store(weight, scores + t);
  }
  const float shrink = s.largest[row] == none ? 0.0F : std::exp(s.largest[row] - largest);
  s.weight[row] = s.weight[row] * shrink + hn::GetLane(hn::SumOfLanes(floats, sum));
  s.largest[row] = largest;
  if (shrink == 1.0F) return;
  float* const sums = s.sums.get() + row * s.v_stride;
  for (std::int64_t j = 0; j < s.v_stride; j += lanes())
    store(hn::Mul(load(sums + j), hn::Set(floats, shrink)), sums + j);
}

/// Keys [first, first + count) of the job's sequence.
template <class Cached>
HWY_INLINE void attend_tile(const AttentionProblem<Cached>& p, const AttentionJob& job, std::int64_t first,
                            std::int64_t count, Scratch& s) {
  const Tile tile{job.kv_head, job.first_key + first, count, job.first_key + job.keys};
  load_keys(p, tile, s);
  load_values(p, tile, s);
  std::fill_n(s.scores.get(), job.rows * tile_keys, 0.0F);
  multiply({s.q.get(), s.qk_stride, s.keys.get(), tile_keys, s.scores.get(), tile_keys, job.rows, tile_keys,
            p.sizes.qk_dim});
  const auto visible = [&](std::int64_t row) {
    return std::clamp<std::int64_t>(visible_keys(p.sizes, job, job.first_row + row) - first, 0, count);
  };
  for (std::int64_t row = 0; row < job.rows; ++row) weigh(row, visible(row), s);
  Product weighted{s.scores.get(), tile_keys, s.values.get(), s.v_stride, s.sums.get(),
                   s.v_stride,     job.rows,  s.v_stride,     count};
  if (s.finite_values) return multiply(weighted);
  // A weight of zero would turn an unseen infinity into NaN: each row stops at what it sees.
  weighted.rows = 1;
  for (std::int64_t row = 0; row < job.rows; ++row, weighted.a += tile_keys, weighted.c += s.v_stride) {
    weighted.depth = visible(row);
    multiply(weighted);
  }
}

}  // namespace superpod::models::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
