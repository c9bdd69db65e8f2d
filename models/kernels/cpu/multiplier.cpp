#include "models/kernels/cpu/multiplier.hpp"

#if defined(__x86_64__)
#include <cpuid.h>
#endif
#if defined(__x86_64__) && defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace superpod::models::cpu {
namespace {

#if defined(__x86_64__)

/// Linux keeps the 8 KiB of tiles from a process that has not asked for them.
/// Source: Linux kernel documentation, "Using XSTATE features in user space applications" (arch/x86/xstate).
bool tiles_granted() {
#if defined(__linux__)
  constexpr long arch_req_xcomp_perm = 0x1023, xfeature_xtiledata = 18;
  return syscall(SYS_arch_prctl, arch_req_xcomp_perm, xfeature_xtiledata) == 0;
#else
  return false;
#endif
}

/// CPUID leaf 7: EDX bit 22 is AMX-BF16, bit 24 AMX-TILE.
/// Source: Intel, Architecture Instruction Set Extensions Programming Reference, CPUID.
bool cpu_has_amx_bf16() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  constexpr unsigned both = 1U << 22 | 1U << 24;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (d & both) == both;
}

bool has(Multiplier multiplier) {
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512vl");
  const bool packs_pairs = avx512 && __builtin_cpu_supports("avx512vbmi");
  switch (multiplier) {
    case Multiplier::portable:
      return true;
    case Multiplier::avx2:
      return avx2;
    case Multiplier::avx512:
      return avx512;
    case Multiplier::avx512_bf16:
      return packs_pairs && __builtin_cpu_supports("avx512bf16");
    case Multiplier::amx_bf16:
      return packs_pairs && cpu_has_amx_bf16() && tiles_granted();
  }
  return false;
}

#else

bool has(Multiplier multiplier) { return multiplier == Multiplier::portable; }

#endif

std::vector<Multiplier> offered() {
  std::vector<Multiplier> all;
  for (const auto& [name, multiplier] : words(Multiplier{}))
    if (has(multiplier)) all.push_back(multiplier);
  return all;
}

}  // namespace

const std::vector<Multiplier>& multipliers() {
  static const std::vector<Multiplier> all = offered();
  return all;
}

Multiplier fastest_multiplier() { return multipliers().back(); }

}  // namespace superpod::models::cpu
