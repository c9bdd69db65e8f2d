/// What the tests of CPU kernels share: random operands, every way to run, and when a code is right.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

#include "models/kernels/cpu/bf16.hpp"
#include "models/kernels/cpu/execution.hpp"
#include "models/kernels/cpu/rows.hpp"

namespace superpod::models::cpu {

/// Every path of this machine, on one thread and on several.
inline std::vector<Execution> ways() {
  std::vector<Execution> all;
  for (const Path path : paths())
    for (const int threads : {1, 3}) all.push_back({threads, path});
  return all;
}

/// Normally distributed, with magnitudes that change by a factor of e^2 from one to another.
template <class Element>
std::vector<Element> random_elements(std::int64_t count, std::mt19937& generator) {
  std::normal_distribution<float> normal;
  std::vector<Element> elements;
  for (std::int64_t i = 0; i < count; ++i) {
    const float x = normal(generator) * std::exp(2 * normal(generator));
    if constexpr (std::is_same_v<Element, Bf16>)
      elements.push_back(to_bf16(x));
    else
      elements.push_back(x);
  }
  return elements;
}

/// Some elements become NaN, infinities, zeros of both signs, and the largest and smallest numbers.
template <class Element>
void spoil(std::vector<Element>& elements, std::mt19937& generator) {
  const std::uint32_t specials[] = {0x7FC00000, 0xFFC00000, 0x7F800000, 0xFF800000, 0,
                                    0x80000000, 0x7F7F0000, 0x00800000, 0x00010000};
  if (elements.empty()) return;
  for (const std::uint32_t bits : specials) {
    const float x = std::bit_cast<float>(bits);
    Element& element = elements[generator() % elements.size()];
    if constexpr (std::is_same_v<Element, Bf16>)
      element = to_bf16(x);
    else
      element = x;
  }
}

template <class Element>
std::vector<float> as_floats(const std::vector<Element>& elements) {
  std::vector<float> all;
  for (const Element x : elements) all.push_back(value(x));
  return all;
}
inline std::vector<float> as_floats(const std::vector<float>& elements) { return elements; }

/// The code is the one nearest to some number within `error` (relative) of `exact`: it may differ by one only
/// where `exact` lies that close to a tie.
inline bool is_nearest(fp8::E4m3 code, double exact, double error) {
  if (std::isnan(exact)) return (code.code & 0x7F) == 0x7F;
  const double margin = std::isinf(exact) ? 0 : error * std::abs(exact);
  const float low = fp8::value(fp8::to_e4m3(static_cast<float>(exact - margin)));
  const float high = fp8::value(fp8::to_e4m3(static_cast<float>(exact + margin)));
  return low <= fp8::value(code) && fp8::value(code) <= high;
}

/// Rows that were reckoned in FP32 and quantised fit the exact ones: each scale that of an amax within
/// `error`, each code nearest to the exact element over that scale. Empty, or where they do not.
template <class Scale>
std::string mismatch(const QuantisedRows<Scale>& found, const std::vector<double>& exact, double error) {
  for (std::int64_t i = 0; i < found.rows; ++i)
    for (std::int64_t first = 0; first < found.cols; first += 128) {
      const std::string where = " at row " + std::to_string(i) + ", column ";
      const double* row = exact.data() + i * found.cols;
      double amax = 0;
      const std::int64_t end = std::min(first + 128, found.cols);
      for (std::int64_t j = first; j < end; ++j)
        if (std::isfinite(row[j])) amax = std::max(amax, std::abs(row[j]));
      const double scale = static_cast<double>(
          fp8::value(found.scales[static_cast<std::size_t>(i * found.scale_cols() + first / 128)]));
      double low = amax * (1 - error) / 448, high = amax * (1 + error) / 448;
      if constexpr (std::is_same_v<Scale, fp8::E8m0>) {
        low = std::exp2(std::ceil(std::log2(low)));
        high = std::exp2(std::ceil(std::log2(high)));
      }
      const bool fits = amax == 0 ? scale == 1 : low <= scale && scale <= high;
      if (!fits) return "scale " + std::to_string(scale) + where + std::to_string(first);
      for (std::int64_t j = first; j < end; ++j)
        if (!is_nearest(found.codes[static_cast<std::size_t>(i * found.cols + j)], row[j] / scale, error))
          return "code for " + std::to_string(row[j] / scale) + where + std::to_string(j);
    }
  return {};
}

}  // namespace superpod::models::cpu
