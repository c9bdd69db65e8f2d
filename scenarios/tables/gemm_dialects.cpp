// Dense and grouped products, each table with its own columns and units.
#include "scenarios/tables/dialect.hpp"
#include "sim/values/units.hpp"

namespace superpod::scenarios {
namespace {

using models::Kernel;
using models::MatrixShape;
using models::Measurement;
using namespace superpod::unit;

const Bytes bf16_result = models::element_size(models::Precision::bf16);

Measurement product(const Operands& operands, const MatrixShape& shape, bool grouped, Seconds time) {
  Kernel kernel = models::gemm("gemm", operands.precision, operands.scaling, shape, bf16_result);
  kernel.kind = grouped ? Kernel::Kind::grouped_gemm : Kernel::Kind::gemm;
  Measurement row;
  row.kernels = {kernel};
  row.time = time;
  return row;
}

MatrixShape dense_shape(const Cells& cells) {
  return {.groups = 1, .m = cells.count("m"), .n = cells.count("n"), .k = cells.count("k")};
}

/// Makes operands of BF16 inputs.
Kernel quantisation(const Operands& operands, const MatrixShape& shape) {
  constexpr double flops = 3;  // as in models/transformer/pass.cpp
  const double elements = shape.m * shape.k;
  return models::vector_kernel("quantise input", Flops{flops * elements},
                               elements * (bf16_result + stored_size(operands)));
}

/// aiconfigurator's GEMMs (TensorRT-LLM, SGLang): linear layers with BF16 inputs, which are quantised inside
/// the timed call. Weights are cold: copies of them fill the L2.
/// Source: collector/{trtllm,sglang}/collect_gemm.py in ai-dynamo/aiconfigurator (read 2026).
Reading read_linear(const Cells& cells) {
  const auto operands = operands_of(cells.text("dtype"));
  if (const auto* why = std::get_if<std::string>(&operands)) return *why;
  const MatrixShape shape = dense_shape(cells);
  Measurement row = product(std::get<Operands>(operands), shape, false, cells.positive("latency_us") * us);
  if (std::get<Operands>(operands).scaling != models::Scaling::none)
    row.kernels.insert(row.kernels.begin(), quantisation(std::get<Operands>(operands), shape));
  row.implementation = cells.text(cells.has("kernel") ? "kernel" : "framework");
  return row;
}

/// Those of its fork for Ascend, which names no chip: products alone.
Reading read_gemm(const Cells& cells) {
  const auto operands = operands_of(cells.text("dtype"));
  if (const auto* why = std::get_if<std::string>(&operands)) return *why;
  return product(std::get<Operands>(operands), dense_shape(cells), false, cells.positive("latency_us") * us);
}

/// DeepGEMM's README: contiguous and masked layouts are grouped, whatever the number of groups.
Reading read_deepgemm(const Cells& cells) {
  const MatrixShape shape{.groups = cells.count("groups"),
                          .m = cells.count("m_per_group"),
                          .n = cells.count("n"),
                          .k = cells.count("k")};
  const FlopsPerSecond rate = cells.positive("tflops") * TFLOP / s;
  const Flops work{2 * shape.groups * shape.m * shape.n * shape.k};
  const Operands operands{models::Precision::fp8, models::Scaling::block};
  Measurement row = product(operands, shape, cells.text("kind") != "dense", work / rate);
  row.implementation = "DeepGEMM " + std::string{cells.text("readme_date")};
  return row;
}

/// cuBLASLt on cards, by the names that their driver gives them.
Reading read_flops_bench(const Cells& cells) {
  const std::string_view gpu = cells.text("gpu");
  const auto operands = operands_of(cells.text("precision"));
  if (const auto* why = std::get_if<std::string>(&operands)) return *why;
  Measurement row =
      product(std::get<Operands>(operands), dense_shape(cells), false, cells.positive("median_ms") * ms);
  row.implementation = "cuBLASLt";
  if (gpu == "NVIDIA RTX 6000D")
    row.device = "rtx_pro_6000d";
  else if (gpu == "NVIDIA GeForce RTX 5090 D v2")
    row.device = "rtx_5090d_v2";
  else
    return "the catalogue has no chip " + in_quotes(gpu);
  return row;
}

/// CloudMatrix384's INT8 grouped GEMM: times derived by the table from the share of a die's peak. They are
/// those of one die of two, each with half of the package's peaks: the package runs two such kernels at once,
/// so it has twice the groups in the same time.
Reading read_cloudmatrix(const Cells& cells) {
  constexpr double dies = 2;
  const MatrixShape shape{.groups = dies * cells.count("groups"),
                          .m = cells.count("m"),
                          .n = cells.count("n"),
                          .k = cells.count("k")};
  Measurement row = product({models::Precision::int8, models::Scaling::tensor}, shape, true,
                            cells.positive("latency_us_derived") * us);
  row.implementation = "CANN, one die; both dies at once";
  return row;
}

}  // namespace

std::vector<Dialect> gemm_dialects() {
  return {{"linear (TensorRT-LLM)", {"framework", "dtype", "m", "n", "k", "latency_us"}, read_linear},
          {"linear (SGLang)", {"kernel", "dtype", "m", "n", "k", "latency_us"}, read_linear},
          {"gemm", {"dtype", "m", "n", "k", "latency_us"}, read_gemm},
          {"deepgemm", {"kind", "groups", "m_per_group", "n", "k", "tflops"}, read_deepgemm},
          {"gpu_flops_bench", {"gpu", "precision", "m", "n", "k", "median_ms"}, read_flops_bench, false},
          {"cloudmatrix384_int8_gemm",
           {"groups", "m", "n", "k", "compute_util_pct", "latency_us_derived"},
           read_cloudmatrix}};
}

}  // namespace superpod::scenarios
