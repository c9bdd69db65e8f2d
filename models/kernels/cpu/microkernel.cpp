#include "models/kernels/cpu/microkernel.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace superpod::models::cpu {

Microkernel microkernel(Multiplier multiplier) {
  if (std::ranges::count(multipliers(), multiplier) == 0)
    throw std::invalid_argument{"this machine has no " +
                                std::string{words(multiplier)[static_cast<std::size_t>(multiplier)].first}};
  switch (multiplier) {
#if defined(__x86_64__)
    case Multiplier::avx2:
      return avx2_microkernel();
    case Multiplier::avx512:
      return avx512_microkernel();
    case Multiplier::avx512_bf16:
      return avx512_bf16_microkernel();
    case Multiplier::amx_bf16:
      return amx_bf16_microkernel();
#endif
    default:
      return portable_microkernel();
  }
}

}  // namespace superpod::models::cpu
