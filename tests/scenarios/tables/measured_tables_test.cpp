// The measured tables of others (tests/measured): every row is read, or named with a reason, and none is
// faster than its chip can be.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "models/kernels/family.hpp"
#include "scenarios/tables/kernel_table.hpp"
#include "sim/values/units.hpp"

namespace superpod::scenarios {
namespace {

using models::Precision;
using namespace superpod::unit;

struct Expected {
  const char* file;
  const char* format;
  std::size_t read, unread;
};

void PrintTo(const Expected& expected, std::ostream* out) { *out << expected.file; }

/// Counted with grep and awk, apart from the reader: rows by type, chip or shape.
const Expected tables[] = {
    {"aiconfigurator_attention", "attention", 9123, 0},
    {"aiconfigurator_gemm", "linear (TensorRT-LLM)", 24884, 3136},  // int8_wo and int4_wo: 1568 each
    {"aiconfigurator_gemm_sglang_deepgemm", "linear (SGLang)", 8576, 0},
    {"aiconfigurator_mla", "mla", 5484, 0},
    {"aiconfigurator_moe", "moe", 12525, 1665},  // w4a8_mxfp4_mxfp8 480, min_latency 1185
    {"aiconfigurator_wideep_moe", "wideep_moe", 1596, 0},
    {"ascend950dt_kernels", "rates", 0, 8},
    {"cloudmatrix384_int8_gemm", "cloudmatrix384_int8_gemm", 6, 0},
    {"cloudmatrix384_mla", "rates", 0, 4},
    {"deepgemm_h800_fp8", "deepgemm", 56, 0},
    {"flashmla", "rates", 0, 8},
    {"gpu_flops_bench_gemm", "gpu_flops_bench", 42, 514},  // two of eight cards are in the catalogue
};

/// Rows of the file by its own text: lines that are neither comments nor the header nor empty.
std::size_t lines_of_data(const std::filesystem::path& path) {
  std::ifstream file{path};
  std::size_t count = 0;
  for (std::string line; std::getline(file, line);)
    if (!line.empty() && line.front() != '#' && line != "\r") ++count;
  return count - 1;
}

std::filesystem::path path_of(const Expected& expected) {
  const std::string name = expected.file + std::string{".csv"};
  const std::filesystem::path full = std::filesystem::path{SUPERPOD_FULL_TABLES} / name;
  return std::filesystem::exists(full) ? full
                                       : std::filesystem::path{SUPERPOD_ROOT} / "tests/measured" / name;
}

class MeasuredTables : public testing::TestWithParam<Expected> {};

TEST_P(MeasuredTables, EveryRowIsReadOrNamed) {
  const auto path = path_of(GetParam());
  Mistakes mistakes;
  const KernelTable table = read_kernel_table(path, mistakes);
  EXPECT_EQ(text(mistakes), "");
  EXPECT_EQ(table.format, GetParam().format);
  EXPECT_EQ(table.rows.size(), GetParam().read);
  EXPECT_EQ(table.unread.size(), GetParam().unread);
  EXPECT_EQ(table.rows.size() + table.unread.size(), lines_of_data(path));
  EXPECT_FALSE(table.source.empty());
  for (const auto& [line, why] : table.unread) EXPECT_FALSE(why.empty()) << line;
}

/// Dense peaks as makers state them (sources: scenarios/library/chips), in TFLOP/s; at FP8 and INT8 twice, at
/// FP4 four times that of BF16 (B200: 2.25, 4.5 and 9 PFLOP/s).
const std::map<std::string, double> bf16_peaks{{"a100_sxm_80", 312}, {"b200_sxm", 2250},
                                               {"h100_sxm", 989.4},  {"h200_sxm", 989.4},
                                               {"h800_sxm", 989.4},  {"ascend_910c", 752}};

double width(Precision precision) {
  if (precision == Precision::fp4) return 4;
  return precision == Precision::fp8 || precision == Precision::int8 ? 2 : 1;
}

TEST_P(MeasuredTables, NoRowIsFasterThanThePeakOfItsChip) {
  const auto path = path_of(GetParam());
  Mistakes mistakes;
  for (const models::Measurement& row : read_kernel_table(path, mistakes).rows) {
    const auto peak = bf16_peaks.find(row.device);
    if (peak == bf16_peaks.end()) continue;
    Seconds least;
    for (const models::Kernel& kernel : row.kernels)
      if (kernel.kind != models::Kernel::Kind::vector)
        least += kernel.flops / (peak->second * width(kernel.precision) * TFLOP / s);
    EXPECT_GE(row.time, least) << GetParam().file << ":" << row.line << ' '
                               << text(family_of(row.kernels.at(0)));
  }
}

/// HBM bandwidths as makers state them (scenarios/library/chips), in TB/s.
const std::map<std::string, double> bandwidths{{"b200_sxm", 8}, {"h100_sxm", 3.35}, {"h200_sxm", 4.8}};

TEST_P(MeasuredTables, NoLargeMixtureIsFasterThanItsMemory) {
  const auto path = path_of(GetParam());
  Mistakes mistakes;
  for (const models::Measurement& row : read_kernel_table(path, mistakes).rows) {
    const auto bandwidth = bandwidths.find(row.device);
    Bytes weights;  // of the experts that got a token, and their rows
    for (const models::Kernel& kernel : row.kernels)
      if (kernel.kind == models::Kernel::Kind::grouped_gemm) weights += kernel.bytes;
    constexpr Bytes beyond_caches = 1 * GB;
    if (bandwidth == bandwidths.end() || weights < beyond_caches) continue;
    EXPECT_GE(row.time, weights / (bandwidth->second * TB / s)) << GetParam().file << ":" << row.line;
  }
}

INSTANTIATE_TEST_SUITE_P(All, MeasuredTables, testing::ValuesIn(tables),
                         [](const auto& table) { return std::string{table.param.file}; });

}  // namespace
}  // namespace superpod::scenarios
