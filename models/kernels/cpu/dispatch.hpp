/// Which entry of Highway's dispatch tables belongs to a path.
///
/// Every source with vector code includes this file before any other of Highway's, for it says for which
/// targets that code is compiled. Highway, and only it, is included in files of this folder.
#pragma once

// Machines with SSE4 but no AVX2 run the portable code, ARM's with SVE run NEON: vectors whose length the
// compiler does not know cannot stand in arrays, as the accumulators of a matrix product do.
#ifndef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS \
  (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#endif

#include <hwy/targets.h>

#include <cstddef>
#include <cstdint>

#include "models/kernels/cpu/execution.hpp"

namespace superpod::models::cpu {

/// Highway's name of the path: a bit of its masks. Zero for `portable`, which it has under several names.
constexpr std::int64_t target_of(Path path) {
  switch (path) {
    case Path::avx2:
      return HWY_AVX2;
    case Path::avx512:
      return HWY_AVX3;
    case Path::portable:
      return 0;
  }
  return 0;
}

/// Throws std::invalid_argument unless this machine has the path. Not inline: it would differ between sources
/// if their targets did.
void require(Path path);

/// The place in a table made by HWY_EXPORT.
template <class Function, std::size_t entries>
Function chosen(Function const (&table)[entries], Path path) {
  require(path);
  if constexpr (entries == 1) return table[0];
  hwy::ChosenTarget target;
  target.Update(target_of(path));
  return table[target.GetIndex()];
}

}  // namespace superpod::models::cpu
