/// Which timing model a kernel has: kernels of one family share their parameters on a chip.
#pragma once

#include <array>
#include <compare>
#include <string>
#include <string_view>
#include <utility>

#include "models/kernels/kernel.hpp"

namespace superpod::models {

struct KernelFamily {
  /// Prefill has many queries for each sequence, decode has few. With a key head for each query head (MHA)
  /// decode multiplies a matrix by a vector, and libraries have kernels of their own for it. MLA has keys
  /// wider than its values: on up-projected heads in prefill, absorbed into the latent in decode.
  enum class Form {
    gemm,
    grouped_gemm,
    attention_prefill,
    attention_decode,
    attention_backward,
    mha_decode,
    mla_prefill,
    mla_decode,
    vector
  };

  Form form = Form::vector;
  Precision precision = Precision::fp32;  ///< of the operands
  Scaling scaling = Scaling::none;
  Precision cached = Precision::fp32;  ///< of attention's keys and values; elsewhere as `precision`

  auto operator<=>(const KernelFamily&) const = default;
};

constexpr auto words(KernelFamily::Form) {
  using enum KernelFamily::Form;
  using std::pair, std::string_view;
  return std::array{pair{string_view{"gemm"}, gemm},
                    pair{string_view{"grouped_gemm"}, grouped_gemm},
                    pair{string_view{"attention_prefill"}, attention_prefill},
                    pair{string_view{"attention_decode"}, attention_decode},
                    pair{string_view{"attention_backward"}, attention_backward},
                    pair{string_view{"mha_decode"}, mha_decode},
                    pair{string_view{"mla_prefill"}, mla_prefill},
                    pair{string_view{"mla_decode"}, mla_decode},
                    pair{string_view{"vector"}, vector}};
}

/// Queries for each sequence that decoding has at most: a token, with what speculative decoding adds.
inline constexpr double most_decode_queries = 8;

constexpr bool is_decode(const AttentionShape& shape) {
  return !shape.backward && shape.queries <= most_decode_queries && shape.keys > shape.queries;
}

KernelFamily family_of(const Kernel& kernel);

/// E.g. `gemm fp8 block`, `attention_decode bf16 kv fp8`, `vector`.
std::string text(const KernelFamily& family);

}  // namespace superpod::models
