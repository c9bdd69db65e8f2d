#include "models/kernels/cpu/expert_packing.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "models/kernels/cpu/parallel.hpp"

namespace superpod::models::cpu {
namespace {

void require(const Routing& routing) {
  if (routing.tokens < 0 || routing.choices < 0 || routing.experts < 0)
    throw std::invalid_argument{"packing_of: a routing has no negative size"};
  require_size(routing.experts_of, routing.tokens * routing.choices,
               "packing_of: the table does not have tokens * choices entries");
  for (const std::int32_t expert : routing.experts_of)
    if (expert >= routing.experts) throw std::invalid_argument{"packing_of: there is no such expert"};
}

/// first[e + 1] - first[e] is the number of e's rows.
std::vector<std::int64_t> first_rows(const Routing& routing) {
  std::vector<std::int64_t> first(static_cast<std::size_t>(routing.experts) + 1);
  for (const std::int32_t expert : routing.experts_of)
    if (expert >= 0) ++first[static_cast<std::size_t>(expert) + 1];
  std::partial_sum(first.begin(), first.end(), first.begin());
  return first;
}

}  // namespace

Packing packing_of(const Routing& routing) {
  require(routing);
  Packing packing{routing.tokens, routing.choices, first_rows(routing), {}, {}};
  packing.token.resize(static_cast<std::size_t>(packing.first.back()));
  packing.row_of.assign(routing.experts_of.size(), -1);
  std::vector<std::int64_t> next = packing.first;
  for (std::size_t choice = 0; choice < routing.experts_of.size(); ++choice)
    if (const std::int32_t expert = routing.experts_of[choice]; expert >= 0) {
      const std::int64_t row = next[static_cast<std::size_t>(expert)]++;
      packing.row_of[choice] = row;
      packing.token[static_cast<std::size_t>(row)] = static_cast<std::int64_t>(choice) / routing.choices;
    }
  return packing;
}

template <class Scale>
void pack(const QuantisedRows<Scale>& tokens, const Packing& packing, QuantisedRows<Scale>& packed,
          const Execution& on) {
  if (tokens.rows != packing.tokens || !(tokens.block == fp8::activation_block))
    throw std::invalid_argument{"pack: the tokens are not those of the packing, in blocks of 1 x 128"};
  reshape(packed, static_cast<std::int64_t>(packing.token.size()), tokens.cols);
  const std::int64_t cols = tokens.cols, scales = tokens.scale_cols();
  in_parallel(packed.rows, on.threads, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      const std::int64_t token = packing.token[static_cast<std::size_t>(row)];
      std::copy_n(tokens.codes.data() + token * cols, cols, packed.codes.data() + row * cols);
      std::copy_n(tokens.scales.data() + token * scales, scales, packed.scales.data() + row * scales);
    }
  });
}

template void pack(const QuantisedRows<float>&, const Packing&, QuantisedRows<float>&, const Execution&);
template void pack(const QuantisedRows<fp8::E8m0>&, const Packing&, QuantisedRows<fp8::E8m0>&,
                   const Execution&);

}  // namespace superpod::models::cpu
