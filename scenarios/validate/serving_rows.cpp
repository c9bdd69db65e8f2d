#include "scenarios/validate/serving_rows.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "models/transformer/llm.hpp"
#include "scenarios/text/entry.hpp"

namespace superpod::scenarios {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

constexpr std::array<std::string_view, 10> serving_columns{
    "concurrency",     "backend", "model_path",      "mode",           "isl", "osl",
    "gemm_quant_mode", "tp_size", "silicon_ttft_ms", "silicon_tpot_ms"};

/// The ends of paths, for models of the catalogue. DeepSeek-R1 has the shape of V3, Kimi K2.5 that of K2.
constexpr std::array models_by_path{
    Pair{"MiniMax-M2.5", "minimax_m25"},  Pair{"Qwen3-235B-A22B-FP8", "qwen3_235b"},
    Pair{"DeepSeek-R1", "deepseek_r1"},   Pair{"DeepSeek-V3", "deepseek_v3"},
    Pair{"Llama-3.1-70B", "llama3_70b"},  Pair{"Llama-3.1-8B-Instruct-FP8", "llama3_8b"},
    Pair{"Kimi-K2.5", "kimi_k2"},         Pair{"Qwen3-32B", "qwen3_32b"},
    Pair{"Qwen3-32B-NVFP4", "qwen3_32b"}, Pair{"GLM-5", "glm5"}};

/// What these have that no model of the catalogue can say.
constexpr std::array models_with_more{Pair{"gpt-oss-120b", "layers that see a sliding window only"},
                                      Pair{"Qwen3.5-397B-A17B", "layers of linear attention"}};

/// A system of the catalogue for each word of the column, and what differs there.
struct MeasuredSystem {
  std::string_view word, name, more;
};
constexpr std::array measured_systems{
    MeasuredSystem{"h100_sxm", "dgx_h100_superpod", ""}, MeasuredSystem{"h200_sxm", "dgx_h200_superpod", ""},
    MeasuredSystem{"b200_sxm", "dgx_b200_superpod", ""},
    // the same board with another GPU
    MeasuredSystem{"b300_sxm", "dgx_b200_superpod", "name: HGX B300, chip: gb300"},
    MeasuredSystem{"gb200", "gb200_nvl72", ""}, MeasuredSystem{"gb300", "gb300_nvl72", ""}};

constexpr std::array engines{Pair{"vllm", "vllm_0_19"}, Pair{"sglang", "sglang_0_5"},
                             Pair{"trtllm", "tensorrt_llm_1"}};

/// Blank where weights are as they were trained.
constexpr std::array precisions{Pair{"", "bf16"}, Pair{"fp8", "fp8"}, Pair{"fp8_block", "fp8"},
                                Pair{"nvfp4", "fp4"}};

std::optional<std::string> word_for(std::string_view word, std::span<const Pair> known) {
  const auto found = std::ranges::find(known, word, &Pair::first);
  if (found == known.end()) return std::nullopt;
  return std::string{found->second};
}

std::string model_of(std::string_view path, const Library& library) {
  const std::string_view end = path.substr(path.rfind('/') + 1);
  if (const auto name = word_for(end, models_by_path)) return *name;
  if (const auto more = word_for(end, models_with_more))
    throw Unpredictable{std::string{end} + " has " + *more};
  if (library.file(shelf_of(models::Llm::kind), std::string{end})) return std::string{end};
  throw Unpredictable{"the catalogue has no model " + in_quotes(path)};
}

std::string measured_system_of(const Cells& cells, int npus, const Library& library) {
  const std::string word{cells.text("system")};
  for (const MeasuredSystem& known : measured_systems)
    if (known.word == word) return part_of(std::string{known.name}, npus, library, std::string{known.more});
  if (library.file(shelf_of(models::System::kind), word)) return part_of(word, npus, library);
  throw Unpredictable{"the catalogue has no system " + in_quotes(word)};
}

void require_plain(const Cells& cells) {
  if (cells.text("mode") != "agg") throw Unpredictable{"prefill and decode apart are not simulated"};
  const std::string_view speculation = cells.text("speculation");
  if (speculation == "unknown") throw Unpredictable{"whether it speculates is not known"};
  // all rows of this release that tell do so
  const bool hidden = speculation.empty() && cells.text("backend_version") == "1.2.0rc6.post3";
  if (hidden || (!speculation.empty() && speculation != "none"))
    throw Unpredictable{"speculation (multi-token prediction) is not simulated"};
  if (whole(cells, "pp_size") > 1) throw Unpredictable{"pipelines are not simulated"};
}

std::string precision_of(const Cells& cells, bool experts) {
  const std::string_view word = cells.text(experts ? "moe_quant_mode" : "gemm_quant_mode");
  if (const auto precision = word_for(word, precisions)) return *precision;
  throw Unpredictable{"weights in " + in_quotes(word) + " are not simulated"};
}

/// What goes with the precision of the weights.
std::string more_precisions(const std::string& weights, bool experts) {
  if (weights == "bf16") return ", dispatch: bf16";
  return std::string{", kv_cache: fp8"} + (weights == "fp4" && experts ? ", projections: bf16" : "");
}

/// Ranks that share the layers, and groups of them with requests of their own; 0 stands for no such group.
struct Ranks {
  int tensor = 1, attention_data = 1;
  [[nodiscard]] int all() const { return tensor * attention_data; }
};

std::string parallel_text(const Cells& cells, const Ranks& ranks, bool experts) {
  std::string text = "{tensor: " + std::to_string(ranks.tensor);
  if (!experts) return text + "}";
  const int expert_tensor = std::max(1, whole(cells, "moe_tp_size")),
            expert = std::max(1, whole(cells, "moe_ep_size"));
  if (expert_tensor * expert != ranks.all())
    throw Unpredictable{"its experts are on " + std::to_string(expert_tensor * expert) + " of " +
                        std::to_string(ranks.all()) + " ranks"};
  if (expert > 1 && expert_tensor > 1)
    throw Unpredictable{"experts shared by some of the ranks and cut over others are not simulated"};
  if (ranks.attention_data > 1) text += ", attention_data: " + std::to_string(ranks.attention_data);
  return text + (expert > 1 ? ", expert: " + std::to_string(expert) : "") + "}";
}

std::string lengths(int most) {
  return "{kind: uniform, low: " + std::to_string(std::max(1, most * 4 / 5)) +
         ", high: " + std::to_string(most) + "}";
}

/// InferenceX's launch scripts let tokens of SGLang and TensorRT-LLM leave by ten.
std::string engine_of(const Cells& cells) {
  const std::string_view backend = cells.text("backend");
  if (const auto engine = word_for(backend, engines))
    return backend == "vllm" ? *engine : "{base: " + *engine + ", stream_interval: 10}";
  throw Unpredictable{"the catalogue has no engine " + in_quotes(cells.text("backend"))};
}

std::string requests_text(const Cells& cells) {
  const int concurrency = whole(cells, "concurrency", 0);
  constexpr int most = 1 << 20;
  if (concurrency < 1 || concurrency > most)
    throw Unpredictable{"no concurrency, or none that a client has: " + in_quotes(cells.text("concurrency"))};
  return "    source:\n      kind: synthetic\n      input_tokens: " + lengths(whole(cells, "isl")) +
         "\n      output_tokens: " + lengths(whole(cells, "osl")) +
         "\n    load: {kind: closed_loop, concurrency: " + std::to_string(concurrency) +
         "}\n    stop: {requests: " + std::to_string(10 * concurrency) + "}\n";
}

}  // namespace

bool has_serving_rows(const Csv& table) {
  return std::ranges::all_of(serving_columns,
                             [&](std::string_view column) { return table.column(column) >= 0; });
}

ServingRow serving_row(const Cells& cells, const Library& library) {
  require_plain(cells);
  const std::string model = model_of(cells.text("model_path"), library);
  const bool experts = entry_named<models::Llm>(model, library).moe.has_value();
  const std::string precision = precision_of(cells, experts);
  const Ranks ranks{whole(cells, "tp_size"), std::max(1, whole(cells, "attention_dp_size"))};
  const std::string parallel = parallel_text(cells, ranks, experts);

  ServingRow row;
  row.scenario = "name: " + model + "_serving\nsystem: " + measured_system_of(cells, ranks.all(), library) +
                 "\nworkload:\n  kind: serving\n  model: " + model + "\n  precision: {gemm: " + precision +
                 more_precisions(precision, experts) + "}\n  requests:\n" + requests_text(cells) +
                 "  deployment: {kind: aggregated, parallel: " + parallel + ", engine: " + engine_of(cells) +
                 "}\n";
  row.prediction.system = cells.text("system");
  row.prediction.subject = model;
  row.prediction.implementation = cells.text("backend");
  row.prediction.what = precision + ", " + parallel.substr(1, parallel.size() - 2) + ", " +
                        std::to_string(whole(cells, "isl")) + " in, " + std::to_string(whole(cells, "osl")) +
                        " out, " + std::to_string(whole(cells, "concurrency")) + " at a time";
  row.ttft = positive_number(cells, "silicon_ttft_ms");
  row.tpot = positive_number(cells, "silicon_tpot_ms");
  row.output_tokens = whole(cells, "osl");
  return row;
}

}  // namespace superpod::scenarios
