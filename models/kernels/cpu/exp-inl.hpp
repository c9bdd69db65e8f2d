// e^x. Compiled once for each target of Highway, as its guard says.
#if defined(SUPERPOD_MODELS_KERNELS_CPU_EXP_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef SUPERPOD_MODELS_KERNELS_CPU_EXP_INL
#undef SUPERPOD_MODELS_KERNELS_CPU_EXP_INL
#else
#define SUPERPOD_MODELS_KERNELS_CPU_EXP_INL
#endif

#include "models/kernels/cpu/lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace superpod::models::cpu::HWY_NAMESPACE {

/// e^x to 3e-7 of its value; zero below -87.6, where it is no normal number, infinity above 88.7, NaN for
/// NaN.
///
///     e^x = 2^n e^r,  n = round(x / ln 2),  |r| <= ln 2 / 2,  e^r by its Taylor series up to r^7 / 7!
///
/// ln 2 is taken in two parts, the first with so few bits that n times it is exact.
HWY_INLINE Float exp_of(Float x) {
  const Float bounded = hn::Min(hn::Max(x, hn::Set(floats, -88.0F)), hn::Set(floats, 89.0F));
  const Float n = hn::Round(hn::Mul(bounded, hn::Set(floats, 1.44269504F)));
  const Float r = hn::NegMulAdd(n, hn::Set(floats, -2.12194440e-4F),
                                hn::NegMulAdd(n, hn::Set(floats, 0.693359375F), bounded));
  Float series = hn::Set(floats, 1.0F / 5040);
  for (const float coefficient : {1.0F / 720, 1.0F / 120, 1.0F / 24, 1.0F / 6, 0.5F, 1.0F, 1.0F})
    series = hn::MulAdd(series, r, hn::Set(floats, coefficient));
  const Word exponent = hn::Add(hn::ConvertTo(ints, n), hn::Set(ints, 127));
  const Float scaled = hn::Mul(series, hn::BitCast(floats, hn::ShiftLeft<23>(exponent)));
  return hn::IfThenElse(hn::IsNaN(x), x, scaled);
}

}  // namespace superpod::models::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
