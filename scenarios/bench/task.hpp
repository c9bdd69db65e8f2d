/// What is measured: a kernel of the models, and for one that is known by its traffic only, what it does.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "models/kernels/kernel.hpp"

namespace superpod::scenarios {

/// Rows of BF16 that a vector kernel works on.
struct RowWork {
  enum class What {
    launch,             ///< nothing at all
    copy,               ///< to another place
    quantise,           ///< to E4M3, a float scale for each 1 x 128
    rms_norm,           ///< BF16 in and out
    rms_norm_quantise,  ///< and the result quantised
    swiglu_quantise     ///< `columns` gates and as many ups in, the product quantised
  };
  What what = What::launch;
  std::int64_t rows = 0, columns = 0;
};

constexpr auto words(RowWork::What) {
  using enum RowWork::What;
  using std::pair, std::string_view;
  return std::array{pair{string_view{"launch"}, launch},
                    pair{string_view{"copy"}, copy},
                    pair{string_view{"quantise"}, quantise},
                    pair{string_view{"rms_norm"}, rms_norm},
                    pair{string_view{"rms_norm_quantise"}, rms_norm_quantise},
                    pair{string_view{"swiglu_quantise"}, swiglu_quantise}};
}

/// E.g. `quantise 4096 x 7168`.
std::string text(const RowWork& work);

/// Its FLOPs (3 an element to quantise, 4 to normalise, 8 for SwiGLU, as models/transformer/pass.cpp counts
/// them) and its traffic, each element read and written once.
models::Kernel kernel_of(const RowWork& work);

struct Task {
  models::Kernel kernel;
  std::optional<RowWork> work;  ///< of a vector kernel
};

/// The operands of a product.
struct MatrixOperands {
  models::Precision precision = models::Precision::bf16;
  models::Scaling scaling = models::Scaling::none;
};

/// The types of attention: of its queries, and of its cache.
struct AttentionTypes {
  models::Precision precision = models::Precision::bf16, cached = models::Precision::bf16;
};

/// What a device has kernels for, and the largest that are worth its time.
struct Abilities {
  std::vector<MatrixOperands> gemm, grouped_gemm;
  std::vector<AttentionTypes> attention;  ///< a narrower cache where keys and values are one latent only
  std::vector<RowWork::What> works;
  Flops largest_work;
  Bytes largest_traffic;
};

}  // namespace superpod::scenarios
