#include "tests/models/kernels/cpu/reference.hpp"

#include <algorithm>
#include <cmath>

namespace superpod::models::cpu {
namespace {

/// Keys and values of any form, in double.
struct ExactProblem {
  AttentionSizes sizes;
  Sequences sequences;
  std::vector<double> q, k,
      v;  ///< [queries][heads][qk_dim], [keys][kv_heads][qk_dim], [keys][kv_heads][v_dim]
};

template <class Element>
std::vector<double> exact(std::span<const Element> from) {
  std::vector<double> to;
  to.reserve(from.size());
  for (const Element x : from) to.push_back(static_cast<double>(value(x)));
  return to;
}

/// Query i of a sequence, all of whose keys it sees begin at `first` and number `seen`.
struct View {
  std::int64_t query, head, first, seen;
};

std::vector<double> weights(const ExactProblem& p, const View& view) {
  const std::int64_t dim = p.sizes.qk_dim, kv_head = view.head / (p.sizes.heads / p.sizes.kv_heads);
  const double* q = p.q.data() + (view.query * p.sizes.heads + view.head) * dim;
  std::vector<double> scores;
  for (std::int64_t j = view.first; j < view.first + view.seen; ++j) {
    const double* k = p.k.data() + (j * p.sizes.kv_heads + kv_head) * dim;
    double score = 0;
    for (std::int64_t d = 0; d < dim; ++d) score += q[d] * k[d];
    scores.push_back(score * static_cast<double>(p.sizes.scale));
  }
  const double largest = *std::ranges::max_element(scores);
  double sum = 0;
  for (double& score : scores) sum += score = std::exp(score - largest);
  for (double& score : scores) score /= sum;
  return scores;
}

void add_values(const ExactProblem& p, const View& view, double* out) {
  if (view.seen == 0) return;
  const std::int64_t kv_head = view.head / (p.sizes.heads / p.sizes.kv_heads);
  const std::vector<double> weight = weights(p, view);
  for (std::int64_t j = 0; j < view.seen; ++j) {
    const double* v = p.v.data() + ((view.first + j) * p.sizes.kv_heads + kv_head) * p.sizes.v_dim;
    for (std::int64_t d = 0; d < p.sizes.v_dim; ++d) out[d] += weight[static_cast<std::size_t>(j)] * v[d];
  }
}

std::vector<double> attend(const ExactProblem& p) {
  const auto& [first_query, first_key] = p.sequences;
  std::vector<double> out(static_cast<std::size_t>(first_query.back() * p.sizes.heads * p.sizes.v_dim));
  for (std::size_t s = 0; s + 1 < first_query.size(); ++s)
    for (std::int64_t i = first_query[s]; i < first_query[s + 1]; ++i)
      for (std::int64_t head = 0; head < p.sizes.heads; ++head) {
        const std::int64_t keys = first_key[s + 1] - first_key[s], later = first_query[s + 1] - 1 - i;
        const std::int64_t seen = p.sizes.causal ? std::max<std::int64_t>(0, keys - later) : keys;
        add_values(p, {i, head, first_key[s], seen}, out.data() + (i * p.sizes.heads + head) * p.sizes.v_dim);
      }
  return out;
}

}  // namespace

std::vector<double> reference_rms_norm(const Rows<Bf16>& x, std::span<const Bf16> weight, double epsilon) {
  std::vector<double> y;
  for (std::int64_t i = 0; i < x.rows; ++i) {
    double squares = 0;
    for (std::int64_t j = 0; j < x.cols; ++j) squares += std::pow(static_cast<double>(value(x.row(i)[j])), 2);
    const double root = std::sqrt(squares / static_cast<double>(x.cols) + epsilon);
    for (std::int64_t j = 0; j < x.cols; ++j)
      y.push_back(static_cast<double>(value(x.row(i)[j])) / root *
                  static_cast<double>(value(weight[static_cast<std::size_t>(j)])));
  }
  return y;
}

std::vector<double> reference_swiglu(const Rows<Bf16>& gate_up) {
  std::vector<double> y;
  const std::int64_t cols = gate_up.cols / 2;
  for (std::int64_t i = 0; i < gate_up.rows; ++i)
    for (std::int64_t j = 0; j < cols; ++j) {
      const double gate = static_cast<double>(value(gate_up.row(i)[j]));
      const double up = static_cast<double>(value(gate_up.row(i)[cols + j]));
      y.push_back(gate / (1 + std::exp(-gate)) * up);
    }
  return y;
}

std::vector<double> reference_attention(const AttentionSizes& sizes, const Sequences& sequences,
                                        const AttentionOperands& operands) {
  return attend({sizes, sequences, exact(operands.q), exact(operands.k), exact(operands.v)});
}

template <class Cached>
std::vector<double> reference_mla_decode(const LatentSizes& sizes, const Sequences& sequences,
                                         std::span<const Bf16> q, const LatentCache<Cached>& cache) {
  const std::int64_t entry = sizes.latent_dim + sizes.rotary_dim;
  ExactProblem p{{sizes.heads, 1, entry, sizes.latent_dim, sizes.scale, sizes.causal},
                 sequences,
                 exact(q),
                 exact(cache.entries),
                 {}};
  for (std::int64_t token = 0; token < sequences.first_key.back(); ++token) {
    const double scale =
        cache.scales.empty() ? 1 : static_cast<double>(cache.scales[static_cast<std::size_t>(token)]);
    double* k = p.k.data() + token * entry;
    for (std::int64_t d = 0; d < entry; ++d) k[d] *= scale;
    p.v.insert(p.v.end(), k, k + sizes.latent_dim);
  }
  return attend(p);
}

template std::vector<double> reference_mla_decode(const LatentSizes&, const Sequences&, std::span<const Bf16>,
                                                  const LatentCache<Bf16>&);
template std::vector<double> reference_mla_decode(const LatentSizes&, const Sequences&, std::span<const Bf16>,
                                                  const LatentCache<fp8::E4m3>&);

std::vector<double> reference_combine(const Combination& combination, const Packing& packing) {
  const std::int64_t cols = combination.rows.cols;
  std::vector<double> out(static_cast<std::size_t>(packing.tokens * cols));
  for (std::int64_t token = 0; token < packing.tokens; ++token)
    for (std::int64_t c = token * packing.choices; c < (token + 1) * packing.choices; ++c) {
      const std::int64_t row = packing.row_of[static_cast<std::size_t>(c)];
      for (std::int64_t j = 0; row >= 0 && j < cols; ++j)
        out[static_cast<std::size_t>(token * cols + j)] +=
            static_cast<double>(combination.weights[static_cast<std::size_t>(c)]) *
            static_cast<double>(value(combination.rows.row(row)[j]));
    }
  return out;
}

}  // namespace superpod::models::cpu
