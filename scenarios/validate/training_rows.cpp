#include "scenarios/validate/training_rows.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "models/hardware/system.hpp"
#include "models/transformer/llm.hpp"
#include "scenarios/text/entry.hpp"

namespace superpod::scenarios {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

constexpr std::array<std::string_view, 10> columns{"model", "system", "gpus", "precision", "gbs",
                                                   "mbs",   "seq",    "tp",   "pp",        "tokens_s_gpu"};

/// The source's words for models of the catalogue.
constexpr std::array models_by_other_names{Pair{"LLAMA3_8B", "llama3_8b"},
                                           Pair{"LLAMA3_70B", "llama3_70b"},
                                           Pair{"LLAMA3.1_405B", "llama3_405b"},
                                           Pair{"DeepSeekV3", "deepseek_v3"},
                                           Pair{"DeepSeekV4 Flash", "deepseek_v4_flash"},
                                           Pair{"Qwen3_235B_a22B", "qwen3_235b"},
                                           Pair{"GPT3_175B", "gpt3_175b"},
                                           Pair{"Kimi_K2", "kimi_k2"}};

/// The source's words for systems of the catalogue, and what differs there.
struct KnownSystem {
  std::string_view word, name, more;
};
constexpr std::array systems_by_other_names{
    KnownSystem{"DGX-A100", "dgx_a100_superpod", ""}, KnownSystem{"DGX-H100", "dgx_h100_superpod", ""},
    KnownSystem{"DGX-H200", "dgx_h200_superpod", ""}, KnownSystem{"DGX-B200", "dgx_b200_superpod", ""},
    KnownSystem{"DGX-GB200", "gb200_nvl72_cluster", ""},
    // racks of GB300 have the same NVLink, and 800 Gb/s a GPU between them
    KnownSystem{"DGX-GB300", "gb200_nvl72_cluster", "name: GB300 NVL72 cluster, chip: gb300"}};

/// `DeepSeekV3 (tokendrop)` -> `DeepSeekV3`.
std::string without_variant(std::string_view word) { return std::string{word.substr(0, word.find(" ("))}; }

std::string model_of(const Cells& cells, const Library& library) {
  const std::string word = without_variant(cells.text("model"));
  for (const auto& [other, name] : models_by_other_names)
    if (other == word) return std::string{name};
  if (library.file(shelf_of(models::Llm::kind), word)) return word;
  throw Unpredictable{"the catalogue has no model " + in_quotes(word)};
}

/// Some rows leave out multi-token prediction.
bool is_without_mtp(const Cells& cells) {
  return cells.text("model").find("(w/o MTP)") != std::string_view::npos;
}

std::string system_of(const Cells& cells, int npus, const Library& library) {
  const std::string word{cells.text("system")};
  for (const KnownSystem& known : systems_by_other_names)
    if (known.word == word) return part_of(std::string{known.name}, npus, library, std::string{known.more});
  if (library.file(shelf_of(models::System::kind), word)) return part_of(word, npus, library);
  throw Unpredictable{"the catalogue has no system " + in_quotes(word)};
}

std::string gemm_precision(const Cells& cells) {
  std::string word{cells.text("precision")};
  std::ranges::transform(word, word.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  if (word == "bf16") return "bf16";
  if (word == "fp8" || word == "mxfp8" || word == "fp8-cs" || word == "fp8-ds" || word == "fp8-mx" ||
      word == "fp8-sc")
    return "fp8";
  throw Unpredictable{"training in " + in_quotes(cells.text("precision")) + " is not simulated"};
}

void require_pre_training(const Cells& cells) {
  if (cells.has("phase") && cells.text("phase") != "Pre-Training")
    throw Unpredictable{"only pre-training is simulated, not " + in_quotes(cells.text("phase"))};
  if (whole(cells, "fsdp", 0) > 0)
    throw Unpredictable{"fully sharded data parallelism (FSDP) is not simulated"};
}

/// In some releases the source has other columns, and then counts stand where words belong.
void require_header_fits(const Cells& cells) {
  const std::string_view precision = cells.text("precision");
  if (precision.empty() || std::isdigit(static_cast<unsigned char>(precision.front())) != 0)
    throw Unpredictable{"the row does not fit the header: column 'precision' holds no precision"};
}

std::string parallel_text(const Cells& cells, bool experts) {
  const int chunks = whole(cells, "vp"), pipeline = whole(cells, "pp"), expert = whole(cells, "ep");
  std::string text =
      "{tensor: " + std::to_string(whole(cells, "tp")) + ", context: " + std::to_string(whole(cells, "cp"));
  if (experts && expert > 1) text += ", expert: " + std::to_string(expert);
  text += ", pipeline: " + std::to_string(pipeline);
  if (pipeline > 1 && chunks > 1) text += ", virtual_stages: " + std::to_string(chunks);
  return text + ", zero: 1, order: [tensor, context, expert, data, pipeline]}";
}

}  // namespace

bool has_training_rows(const Csv& table) {
  return std::ranges::all_of(columns, [&](std::string_view column) { return table.column(column) >= 0; });
}

SimulatedRow training_row(const Cells& cells, const Library& library) {
  require_header_fits(cells);
  require_pre_training(cells);
  const std::string model = model_of(cells, library), precision = gemm_precision(cells);
  const std::string model_yaml = is_without_mtp(cells) ? "{base: " + model + ", mtp_layers: 0}" : model;
  const int npus = whole(cells, "gpus");
  const std::string system = system_of(cells, npus, library);
  const bool experts = entry_named<models::Llm>(model, library).moe.has_value();
  const bool interleaved = whole(cells, "pp") > 1 && whole(cells, "vp") > 1;
  const auto key = [&](const char* name, const char* column) {
    return "  " + std::string{name} + ": " + std::to_string(whole(cells, column)) + "\n";
  };

  SimulatedRow row;
  for (const char* recompute : {"none", "selective", "full"})
    row.scenarios.push_back(
        "name: " + model + "_training\nsystem: " + system +
        "\nworkload:\n  kind: training\n  model: " + model_yaml + "\n" + key("sequence_length", "seq") +
        key("batch", "gbs") + key("microbatch", "mbs") + "  parallel: " + parallel_text(cells, experts) +
        "\n  schedule: " + (interleaved ? "interleaved" : "1f1b") + "\n  recompute: " + recompute +
        "\n  precision: {gemm: " + precision + ", dispatch: bf16}\n");
  row.figures = {"tokens_per_s_per_npu"};
  row.prediction.system = cells.text("system");
  row.prediction.subject = is_without_mtp(cells) ? model + " without MTP" : model;
  row.prediction.what = std::to_string(npus) + " GPUs, " + std::string{cells.text("precision")} + ", tp " +
                        std::to_string(whole(cells, "tp")) + ", pp " + std::to_string(whole(cells, "pp")) +
                        ", cp " + std::to_string(whole(cells, "cp")) + ", vp " +
                        std::to_string(whole(cells, "vp")) + ", ep " + std::to_string(whole(cells, "ep"));
  row.prediction.measured = positive_number(cells, "tokens_s_gpu");
  return row;
}

}  // namespace superpod::scenarios
