/// The operands of equal products in device memory, and what their results should be.
#pragma once

#include "models/kernels/cuda/launches.hpp"
#include "models/kernels/cuda/product.hpp"

namespace superpod::models::cuda {

class GemmOperands {
 public:
  /// Random operands and scales.
  GemmOperands(int groups, const Sizes& sizes, Format format, std::uint64_t seed);

  [[nodiscard]] int groups() const { return groups_; }
  [[nodiscard]] Operands of(int group) const;

  /// As ReadyKernel::error(), of some thousand elements.
  [[nodiscard]] double error() const;

 private:
  struct Array {
    Memory<unsigned char> memory;
    std::size_t stride = 0;  ///< from group to group
    [[nodiscard]] unsigned char* of(int group) const;
  };
  static Array make_array(int groups, std::size_t size);

  int groups_;
  Sizes sizes_;
  Format format_;
  Array a_, b_, a_scales_, b_scales_, c_;
};

}  // namespace superpod::models::cuda
