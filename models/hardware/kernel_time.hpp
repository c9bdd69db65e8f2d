/// How long a kernel takes on a chip.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "models/hardware/chip.hpp"
#include "models/kernels/kernel.hpp"
#include "models/kernels/timing.hpp"

namespace superpod::models {

/// How a kernel's time was found.
struct TimingChoice {
  const FamilyTiming* timing = nullptr;  ///< null: by the roofline
  std::string_view entry;                ///< of the catalogue, that holds it
  bool own = false;                      ///< the chip itself was measured, with this very family
  double cores = 1;  ///< of the chip, or of the one that was measured where that is not known
};

/// Mean |predicted / measured - 1| to expect, weighted by time: on unseen shapes where the chip itself was
/// measured, on other chips where the timing is borrowed. Nothing where neither is known, and for the
/// roofline.
std::optional<double> expected_error(const TimingChoice& choice);

/// The chip with kernels slower (`sigmas` = 1) or faster (-1) by the expected error of each: (1 +
/// error)^sigmas in time. Kernels whose error is not known follow the largest that is known of products.
Chip with_kernels_off(const Chip& chip, double sigmas);

/// The family of the list whose kernels are most alike: of the same form (else of a sibling: grouped GEMM and
/// GEMM; MHA, MLA and GQA; backward and forward), then of the same precision and scaling, then the first.
/// Null where none does such work.
const FamilyTiming* nearest(const KernelFamily& family, std::span<const FamilyTiming> among);

/// The fitted family that is nearest to the kernel's: first of the same form (else of a sibling: grouped GEMM
/// and GEMM; MHA, MLA and GQA; backward and forward), then of the same precision and scaling, then of the
/// chip that is named first among `timings`. The chip itself was measured when the entry bears its name.
TimingChoice timing_of(const KernelFamily& family, const Chip& chip);

/// The chip has `cores`. `core_share` in (0, 1] is the share of them that compute: DeepSeek-V3 leaves 112 of
/// 132 (arXiv 2412.19437, section 3.2.2). It takes nothing from the HBM, which a part of the cores saturates.
/// Throws std::invalid_argument, with the catalogue key, when the chip lacks a figure that the kernel needs.
ChipRates rates_of(const Chip& chip, const Kernel& kernel, double cores, double core_share = 1);

/// Time of one kernel that has the chip to itself, but for the cores that communication took, on a chip that
/// is busy all the time: by the fitted model of its family (timing.hpp), or by the roofline (roofline.hpp)
/// where the chip has no such fit.
/// Throws like `rates_of`.
KernelTime time_of(const Kernel& kernel, const Chip& chip, double core_share = 1,
                   Load load = Load::sustained);

/// One after the other.
Seconds total_time(std::span<const Kernel> kernels, const Chip& chip, double core_share = 1);

}  // namespace superpod::models
