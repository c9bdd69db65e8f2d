// Small FP32 matrix products of operands that lie in the caches. Compiled once for each target of Highway, as
// its guard says.
#if defined(SUPERPOD_MODELS_KERNELS_CPU_PRODUCT_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef SUPERPOD_MODELS_KERNELS_CPU_PRODUCT_INL
#undef SUPERPOD_MODELS_KERNELS_CPU_PRODUCT_INL
#else
#define SUPERPOD_MODELS_KERNELS_CPU_PRODUCT_INL
#endif

#include "models/kernels/cpu/lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace superpod::models::cpu::HWY_NAMESPACE {

/// C[rows, cols] += A[rows, depth] B[depth, cols], each with rows that are `stride` floats apart; cols is a
/// multiple of 64, for which B and C have room.
struct Product {
  const float* a;
  std::int64_t a_stride;
  const float* b;
  std::int64_t b_stride;
  float* c;
  std::int64_t c_stride, rows, cols, depth;
};

/// Rows and vectors of C that the registers hold: 6 x 4 of 32 registers, 6 x 2 of 16.
constexpr int panel_rows = 6, panel_vectors = HWY_TARGET <= HWY_AVX3 && HWY_ARCH_X86 ? 4 : 2;

template <int rows>
HWY_INLINE void panel(const Product& p, std::int64_t row, std::int64_t col) {
  const std::int64_t n = lanes();
  Float sums[rows][panel_vectors];
  float* const c = p.c + row * p.c_stride + col;
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < panel_vectors; ++j) sums[i][j] = load(c + i * p.c_stride + j * n);
  const float *a = p.a + row * p.a_stride, *b = p.b + col;
  for (std::int64_t k = 0; k < p.depth; ++k, ++a, b += p.b_stride) {
    Float bs[panel_vectors];
    for (int j = 0; j < panel_vectors; ++j) bs[j] = load(b + j * n);
    for (int i = 0; i < rows; ++i) {
      const Float ai = hn::Set(floats, a[i * p.a_stride]);
      for (int j = 0; j < panel_vectors; ++j) sums[i][j] = hn::MulAdd(ai, bs[j], sums[i][j]);
    }
  }
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < panel_vectors; ++j) store(sums[i][j], c + i * p.c_stride + j * n);
}

/// The last rows, fewer than panel_rows.
template <int rows>
HWY_INLINE void last_panel(const Product& p, std::int64_t row, std::int64_t col) {
  if constexpr (rows > 0) {
    if (p.rows - row == rows)
      panel<rows>(p, row, col);
    else
      last_panel<rows - 1>(p, row, col);
  }
}

HWY_INLINE void multiply(const Product& p) {
  for (std::int64_t col = 0; col < p.cols; col += panel_vectors * lanes()) {
    std::int64_t row = 0;
    for (; row + panel_rows <= p.rows; row += panel_rows) panel<panel_rows>(p, row, col);
    last_panel<panel_rows - 1>(p, row, col);
  }
}

}  // namespace superpod::models::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
