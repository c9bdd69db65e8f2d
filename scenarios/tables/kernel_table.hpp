/// Tables of measured kernels, read as they were published.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/kernels/measurement.hpp"
#include "scenarios/text/mistakes.hpp"

namespace superpod::scenarios {

struct KernelTable {
  /// A row that is sound, but says nothing that a kernel model could use.
  struct Unread {
    int line = 0;  ///< from 1
    std::string why;
  };

  std::string format;  ///< which of the known ones it is, e.g. `gemm`
  std::string source;  ///< what its comment lines say about where it comes from
  std::vector<models::Measurement> rows;
  std::vector<Unread> unread;  ///< rows and unread together are all rows of the file
};

/// Reads a table in any known format; which it is, its columns tell. Units are those of the format.
///
/// - superpod's own, as `write_kernel_table` writes it
/// - GEMMs, attention, MLA and fused MoE of aiconfigurator and of its forks for Ascend
/// - DeepGEMM's README (time = 2 groups m n k / TFLOPS), gpu-flops-bench, CloudMatrix384's INT8 grouped GEMM
/// - rates without a shape (FlashMLA, CANN MLA, DeepGEMM-Ascend), none of which can be read
///
/// A column `system` names the chip by its catalogue name, or by a name that is known to mean one. A table
/// without that column has one chip: the one that its comment lines name, else `chip`.
/// Assumes: GEMMs write BF16; FP16 runs as BF16.
/// Notes what is wrong as file:line:column: a table of no known format, fields that are no numbers, a chip
/// that is nowhere named. Throws std::runtime_error with the path when the file cannot be read.
KernelTable read_kernel_table(const std::filesystem::path& path, Mistakes& mistakes,
                              std::string_view chip = {});
KernelTable read_kernel_table(std::shared_ptr<const Source> source, Mistakes& mistakes,
                              std::string_view chip = {});

/// Writes rows of one kernel each in superpod's own format, which reads back as the same rows. Comments come
/// first, one line each. Throws std::invalid_argument for a row of several kernels.
void write_kernel_table(std::ostream& out, std::span<const models::Measurement> rows,
                        std::span<const std::string> comments);

}  // namespace superpod::scenarios
