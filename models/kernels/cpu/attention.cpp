#include "models/kernels/cpu/attention.hpp"

#include <algorithm>
#include <stdexcept>
#include <tuple>

#include "models/kernels/cpu/attention_job.hpp"
#include "models/kernels/cpu/dispatch.hpp"
#include "models/kernels/cpu/parallel.hpp"
#include "models/kernels/cpu/rows.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/kernels/cpu/attention.cpp"
#include <hwy/foreach_target.h>

#include "models/kernels/cpu/attention_tile-inl.hpp"

#ifndef SUPERPOD_MODELS_KERNELS_CPU_ATTENTION
#define SUPERPOD_MODELS_KERNELS_CPU_ATTENTION
namespace superpod::models::cpu {
namespace {

template <class Cached>
struct AttentionPart {
  void (*run)(const AttentionProblem<Cached>&, std::span<const AttentionJob>);
};
using AttentionParts = std::tuple<AttentionPart<Bf16>, AttentionPart<fp8::E4m3>>;

}  // namespace
}  // namespace superpod::models::cpu
#endif

HWY_BEFORE_NAMESPACE();
namespace superpod::models::cpu::HWY_NAMESPACE {
namespace {

template <class Cached>
void begin(const AttentionProblem<Cached>& p, const AttentionJob& job, Scratch& s) {
  for (std::int64_t row = 0; row < job.rows; ++row) {
    const Bf16* q = p.q + place(p.sizes, job, job.first_row + row) * p.sizes.qk_dim;
    widen(q, p.sizes.qk_dim, p.sizes.scale, s.q.get() + row * s.qk_stride);
  }
  std::fill_n(s.sums.get(), job.rows * s.v_stride, 0.0F);
  std::fill_n(s.largest, job.rows, -std::numeric_limits<float>::infinity());
  std::fill_n(s.weight, job.rows, 0.0F);
}

template <class Cached>
void finish(const AttentionProblem<Cached>& p, const AttentionJob& job, const Scratch& s) {
  for (std::int64_t row = 0; row < job.rows; ++row) {
    const bool blind = visible_keys(p.sizes, job, job.first_row + row) == 0;
    const Float by = hn::Set(floats, blind ? 1.0F : s.weight[row]);
    const float* sums = s.sums.get() + row * s.v_stride;
    Bf16* out = p.out + place(p.sizes, job, job.first_row + row) * p.sizes.v_dim;
    for (std::int64_t j = 0; j < p.sizes.v_dim; j += lanes()) {
      Bf16 results[64];
      store(hn::Div(load(sums + j), by), results);
      std::copy_n(results, std::min(lanes(), p.sizes.v_dim - j), out + j);
    }
  }
}

template <class Cached>
void attend(const AttentionProblem<Cached>& p, std::span<const AttentionJob> jobs) {
  Scratch s{p.sizes};
  // What no key or value is ever loaded into takes part in products whose results nobody reads.
  std::fill_n(s.lines.get(), 4 * s.qk_stride, 0.0F);
  std::fill_n(s.values.get(), tile_keys * s.v_stride, 0.0F);
  for (const AttentionJob& job : jobs) {
    begin(p, job, s);
    const std::int64_t seen = visible_keys(p.sizes, job, job.first_row + job.rows - 1);
    for (std::int64_t first = 0; first < seen; first += tile_keys)
      attend_tile(p, job, first, std::min(tile_keys, seen - first), s);
    finish(p, job, s);
  }
}

}  // namespace

AttentionParts attention_parts() { return {{&attend<Bf16>}, {&attend<fp8::E4m3>}}; }

}  // namespace superpod::models::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace superpod::models::cpu {
namespace {

HWY_EXPORT(attention_parts);

void require(const AttentionSizes& sizes) {
  if (sizes.heads < 1 || sizes.kv_heads < 1 || sizes.heads % sizes.kv_heads != 0)
    throw std::invalid_argument{"attention: heads must be a multiple of the heads of keys"};
  if (sizes.qk_dim < 1 || sizes.v_dim < 1) throw std::invalid_argument{"attention: a head needs an element"};
}

void require(const Sequences& sequences) {
  const auto ascends = [](std::span<const std::int64_t> first) {
    return !first.empty() && first.front() == 0 && std::ranges::is_sorted(first);
  };
  if (!ascends(sequences.first_query) || !ascends(sequences.first_key) ||
      sequences.first_query.size() != sequences.first_key.size())
    throw std::invalid_argument{"attention: sequences begin at zero and do not descend"};
}

/// Rows that share keys, in pieces of nearly equal size.
std::vector<AttentionJob> jobs_of(const AttentionSizes& sizes, const Sequences& sequences) {
  std::vector<AttentionJob> jobs;
  for (std::size_t i = 0; i + 1 < sequences.first_query.size(); ++i)
    for (std::int64_t head = 0; head < sizes.kv_heads; ++head) {
      const std::int64_t first_query = sequences.first_query[i], first_key = sequences.first_key[i];
      const std::int64_t queries = sequences.first_query[i + 1] - first_query;
      const std::int64_t rows = queries * (sizes.heads / sizes.kv_heads);
      const std::int64_t pieces = (rows + rows_of_job - 1) / rows_of_job;
      for (std::int64_t piece = 0; piece < pieces; ++piece) {
        const std::int64_t from = rows * piece / pieces, to = rows * (piece + 1) / pieces;
        jobs.push_back(
            {first_query, queries, first_key, sequences.first_key[i + 1] - first_key, head, from, to - from});
      }
    }
  return jobs;
}

template <class Cached>
void run(const AttentionProblem<Cached>& problem, const Sequences& sequences, const Execution& on) {
  const std::vector<AttentionJob> jobs = jobs_of(problem.sizes, sequences);
  const auto part = std::get<AttentionPart<Cached>>(chosen(HWY_DISPATCH_TABLE(attention_parts), on.path)());
  in_parallel(std::ssize(jobs), on.threads, [&](std::int64_t begin, std::int64_t end) {
    part.run(problem,
             std::span{jobs}.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)));
  });
}

}  // namespace

void attention(const AttentionSizes& sizes, const Sequences& sequences, const AttentionOperands& operands,
               std::span<Bf16> out, const Execution& on) {
  require(sizes);
  require(sequences);
  const std::int64_t queries = sequences.first_query.back(), keys = sequences.first_key.back();
  require_size(operands.q, queries * sizes.heads * sizes.qk_dim, "attention: q has another size");
  require_size(operands.k, keys * sizes.kv_heads * sizes.qk_dim, "attention: k has another size");
  require_size(operands.v, keys * sizes.kv_heads * sizes.v_dim, "attention: v has another size");
  require_size(out, queries * sizes.heads * sizes.v_dim, "attention: the result has another size");
  run(AttentionProblem<Bf16>{sizes, operands.q.data(), operands.k.data(), operands.v.data(),
                             sizes.kv_heads * sizes.qk_dim, sizes.kv_heads * sizes.v_dim, nullptr,
                             out.data()},
      sequences, on);
}

template <class Cached>
void mla_decode(const LatentSizes& sizes, const Sequences& sequences, std::span<const Bf16> q,
                const LatentCache<Cached>& cache, std::span<Bf16> out, const Execution& on) {
  const std::int64_t entry = sizes.latent_dim + sizes.rotary_dim;
  const AttentionSizes same{sizes.heads, 1, entry, sizes.latent_dim, sizes.scale, sizes.causal};
  require(same);
  require(sequences);
  if (sizes.rotary_dim < 0) throw std::invalid_argument{"mla_decode: a part has no negative size"};
  const std::int64_t queries = sequences.first_query.back(), keys = sequences.first_key.back();
  require_size(q, queries * sizes.heads * entry, "mla_decode: q has another size");
  require_size(cache.entries, keys * entry, "mla_decode: the cache has another size");
  if (!cache.scales.empty()) require_size(cache.scales, keys, "mla_decode: each token needs a scale");
  require_size(out, queries * sizes.heads * sizes.latent_dim, "mla_decode: the result has another size");
  const float* scales = cache.scales.empty() ? nullptr : cache.scales.data();
  const Cached* entries = cache.entries.data();
  run(AttentionProblem<Cached>{same, q.data(), entries, entries, entry, entry, scales, out.data()}, sequences,
      on);
}

template void mla_decode(const LatentSizes&, const Sequences&, std::span<const Bf16>,
                         const LatentCache<Bf16>&, std::span<Bf16>, const Execution&);
template void mla_decode(const LatentSizes&, const Sequences&, std::span<const Bf16>,
                         const LatentCache<fp8::E4m3>&, std::span<Bf16>, const Execution&);

}  // namespace superpod::models::cpu
#endif
