// Attention: `context` is prefill of whole sequences under a causal mask, `generation` one query a sequence.
#include "scenarios/tables/dialect.hpp"
#include "sim/values/units.hpp"

namespace superpod::scenarios {
namespace {

using models::AttentionShape;
using models::Measurement;
using namespace superpod::unit;

/// DeepSeek's latent attention (arXiv 2405.04434, section 2.1; the same in V3): keys of 128 + 64 elements and
/// values of 128 once projected up; a latent of 512 with 64 of position otherwise.
constexpr double up_qk = 192, up_v = 128, latent_qk = 576, latent_v = 512;

/// Every token of `length` sees itself and those before it.
AttentionShape context(double sequences, double length) {
  return {.sequences = sequences, .queries = length, .keys = length, .pairs = length * (length + 1) / 2};
}

AttentionShape generation(double sequences, double cached_tokens) {
  return {.sequences = sequences, .queries = 1, .keys = cached_tokens, .pairs = cached_tokens};
}

/// Its heads and their widths are still to be given.
AttentionShape phase(const Cells& cells, double length, double cached_tokens) {
  const double sequences = cells.count("batch");
  if (cells.text("phase") == "context") return context(sequences, length);
  if (cells.text("phase") != "generation")
    cells.wrong("phase", in_quotes(cells.text("phase")) + " is no phase", "context, generation");
  return generation(sequences, cached_tokens);
}

AttentionShape with_latent_heads(AttentionShape shape, double heads, bool absorbed) {
  shape.heads = heads;
  shape.kv_heads = absorbed ? 1 : heads;
  shape.qk_dim = absorbed ? latent_qk : up_qk;
  shape.v_dim = absorbed ? latent_v : up_v;
  shape.shared_kv = absorbed;
  return shape;
}

Measurement attention_row(const Operands& operands, models::Precision cached, const AttentionShape& shape,
                          Seconds time) {
  Measurement row;
  row.kernels = {models::attention("attention", operands.precision, cached, shape)};
  row.time = time;
  return row;
}

/// The two types of a row of aiconfigurator: of the arithmetic, and of the cache.
std::variant<std::pair<Operands, models::Precision>, std::string> types_of(const Cells& cells) {
  const auto operands = operands_of(cells.text("dtype")), cached = operands_of(cells.text("kv_dtype"));
  if (const auto* why = std::get_if<std::string>(&operands)) return *why;
  if (const auto* why = std::get_if<std::string>(&cached)) return *why;
  return std::pair{std::get<Operands>(operands), std::get<Operands>(cached).precision};
}

constexpr double aiconfigurator_head = 128;  // the title of its table says so

Reading read_attention(const Cells& cells) {
  const auto types = types_of(cells);
  if (const auto* why = std::get_if<std::string>(&types)) return *why;
  const double length = cells.count("isl");
  AttentionShape shape = phase(cells, length, length + cells.number("step"));
  shape.heads = cells.count("heads");
  shape.kv_heads = cells.count("kv_heads");
  shape.qk_dim = shape.v_dim = aiconfigurator_head;
  const auto& [operands, cached] = std::get<0>(types);
  return attention_row(operands, cached, shape, cells.positive("latency_us") * us);
}

/// With an FP8 cache TensorRT-LLM also reckons in FP8, whatever the type of its queries: its AttentionOp says
/// so (mFP8ContextMLA, mFP8GenerationMLA), and rows of the B200 are faster than BF16 could be.
Reading read_mla(const Cells& cells) {
  const auto types = types_of(cells);
  if (const auto* why = std::get_if<std::string>(&types)) return *why;
  const double length = cells.count("isl");
  const AttentionShape shape =
      with_latent_heads(phase(cells, length, length + cells.number("step")), cells.count("num_heads"),
                        cells.text("phase") == "generation");
  auto [operands, cached] = std::get<0>(types);
  if (cached == models::Precision::fp8) operands.precision = cached;
  return attention_row(operands, cached, shape, cells.positive("latency_us") * us);
}

Reading read_ascend_attention(const Cells& cells) {
  const double length = cells.count("seq_len");
  AttentionShape shape = phase(cells, length, length);
  shape.heads = cells.count("num_heads");
  shape.kv_heads = cells.count("num_kv_heads");
  shape.qk_dim = shape.v_dim = cells.count("head_size");
  Measurement row = attention_row({}, models::Precision::bf16, shape, cells.positive("latency_us") * us);
  row.implementation = "FusedInferAttentionScore";
  return row;
}

Reading read_ascend_mla(const Cells& cells) {
  const double length = cells.count("seq_len");
  const AttentionShape shape = with_latent_heads(phase(cells, length, length), cells.count("num_heads"),
                                                 cells.text("phase") == "generation");
  Measurement row = attention_row({}, models::Precision::bf16, shape, cells.positive("latency_ms") * ms);
  row.implementation = "vllm-ascend";
  return row;
}

}  // namespace

std::vector<Dialect> attention_dialects() {
  return {
      {"attention",
       {"phase", "dtype", "kv_dtype", "heads", "kv_heads", "batch", "isl", "step", "latency_us"},
       read_attention},
      {"mla", {"phase", "dtype", "kv_dtype", "num_heads", "batch", "isl", "step", "latency_us"}, read_mla},
      {"ascend_attention",
       {"phase", "batch", "seq_len", "num_heads", "num_kv_heads", "head_size", "latency_us"},
       read_ascend_attention},
      {"ascend_mla", {"phase", "batch", "seq_len", "num_heads", "latency_ms"}, read_ascend_mla}};
}

}  // namespace superpod::scenarios
