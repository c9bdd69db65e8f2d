// Fused mixtures of experts: gate and up projection, SwiGLU and down projection of one rank's experts, with
// what moves tokens to their experts and back on the chip. Communication and routing are not in the tables.
#include <charconv>
#include <cmath>

#include "scenarios/tables/dialect.hpp"
#include "scenarios/tables/expert_load.hpp"
#include "sim/values/units.hpp"

namespace superpod::scenarios {
namespace {

using models::Kernel;
using models::Measurement;
using namespace superpod::unit;

const Bytes bf16 = models::element_size(models::Precision::bf16);

struct Experts {
  double local = 1;              ///< experts of a rank
  double hidden = 0, width = 0;  ///< of one expert on one rank
  Operands operands;
};

/// Groups are all experts of the rank, rows their mean. FLOPs and traffic are those of the experts that got a
/// token, and exact; tiles are cut as if loads were even.
Kernel grouped(std::string_view name, const Experts& experts, const ExpertLoad& load, double n, double k) {
  Kernel kernel = models::gemm(name, experts.operands.precision, experts.operands.scaling,
                               {.groups = load.experts, .m = load.rows / load.experts, .n = n, .k = k}, bf16);
  kernel.kind = Kernel::Kind::grouped_gemm;
  kernel.matrix.groups = experts.local;
  kernel.matrix.m = load.rows / experts.local;
  return kernel;
}

/// Reads BF16 gates and ups, and writes operands of the down projection.
Kernel swiglu(const Experts& experts, const ExpertLoad& load) {
  constexpr double flops = 8;  // as in models/transformer/pass.cpp
  const double outputs = load.rows * experts.width;
  return models::vector_kernel("SwiGLU", Flops{flops * outputs},
                               outputs * (2 * bf16 + stored_size(experts.operands)));
}

std::vector<Kernel> feed_forward(const Experts& experts, const ExpertLoad& load) {
  return {grouped("gate and up projection", experts, load, 2 * experts.width, experts.hidden),
          swiglu(experts, load), grouped("down projection", experts, load, experts.hidden, experts.width)};
}

/// Copies tokens of `from` bytes an element to the experts that want them, as operands.
Kernel permutation(const Experts& experts, const ExpertLoad& load, Bytes from) {
  return models::vector_kernel("token permutation", Flops{},
                               load.rows * experts.hidden * (from + stored_size(experts.operands)));
}

/// Sums `rows` results into one vector for each of `tokens`, whether or not it has a result here.
Kernel combination(const Experts& experts, double rows, double tokens) {
  return models::vector_kernel("token combination", Flops{2 * rows * experts.hidden},
                               (rows + tokens) * experts.hidden * bf16);
}

Routing routing_of(const Cells& cells, std::string_view experts, std::string_view ranks) {
  Routing routing{.tokens = cells.count("num_tokens"),
                  .top_k = cells.count("topk"),
                  .experts = static_cast<int>(cells.count(experts)),
                  .ranks = static_cast<int>(cells.count(ranks))};
  if (routing.top_k > routing.experts) cells.wrong("topk", "more choices than experts");
  if (routing.experts % routing.ranks != 0)
    cells.wrong(ranks, in_quotes(cells.text(ranks)) + " ranks cannot share out " +
                           std::to_string(routing.experts) + " experts evenly");
  const bool sound = routing.top_k <= routing.experts && routing.experts % routing.ranks == 0;
  return sound ? routing : Routing{.tokens = 1, .top_k = 1, .experts = 1, .ranks = 1};
}

/// The exponent of `power_law_1.2`, or nothing.
std::optional<double> power_law(std::string_view distribution) {
  constexpr std::string_view prefix = "power_law_";
  if (!distribution.starts_with(prefix)) return std::nullopt;
  distribution.remove_prefix(prefix.size());
  double alpha = 0;
  const auto [end, problem] =
      std::from_chars(distribution.data(), distribution.data() + distribution.size(), alpha);
  const bool whole = problem == std::errc{} && end == distribution.data() + distribution.size();
  return whole && alpha > 0 ? std::optional{alpha} : std::nullopt;
}

Reading unknown_distribution(std::string_view word) {
  return "how " + in_quotes(word) + " draws tokens to experts is not known";
}

constexpr const char* idle = "the timed rank has no token";

/// TensorRT-LLM's fused MoE on the first rank, which a power law makes the busiest. `num_tokens` enter the
/// layer on all ranks together, and the result has as many rows. Its kernels of least latency were given a
/// router that lets a token visit 4 of 8 groups of experts, so that others are chosen than the table says: on
/// 8 experts some rows take a third of the time that the weights alone would.
/// Source: collector/trtllm/collect_moe.py in ai-dynamo/aiconfigurator (read 2026).
Reading read_moe(const Cells& cells) {
  if (cells.text("kernel") == "moe_torch_flow_min_latency")
    return "routing limited to groups draws other experts than the table says";
  const auto operands = operands_of(cells.text("dtype"));
  if (const auto* why = std::get_if<std::string>(&operands)) return *why;
  const Experts experts{.local = cells.count("experts") / cells.count("moe_ep"),
                        .hidden = cells.count("hidden"),
                        .width = cells.count("inter") / cells.count("moe_tp"),
                        .operands = std::get<Operands>(operands)};
  const Routing routing = routing_of(cells, "experts", "moe_ep");
  const std::string_view distribution = cells.text("distribution");
  const auto alpha = power_law(distribution);
  if (!alpha && distribution != "balanced") return unknown_distribution(distribution);
  const ExpertLoad load = alpha ? power_law_load(routing, *alpha) : balanced_load(routing);
  if (load.experts == 0) return idle;

  Measurement row;
  row.kernels = feed_forward(experts, load);
  row.kernels.insert(row.kernels.begin(), permutation(experts, load, bf16));
  row.kernels.push_back(combination(experts, load.rows, routing.tokens));
  row.time = cells.positive("latency_us") * us;
  row.implementation = cells.text("kernel");
  row.routing = distribution;
  return row;
}

/// SGLang's experts behind DeepEP, with as many tokens for each expert. Decode with less than one: a token
/// for each of so many experts as the rank has tokens. Prefill with less than the 128 rows of a block of
/// DeepGEMM's contiguous layout: the benchmark does not fill the blocks up, so that a block is one expert's,
/// and fewer experts' weights are read than got tokens (times are linear in the blocks: 468, 710 and 1,197 us
/// for 16, 32 and 64 on an H200).
/// Source: collector/sglang/collect_wideep_deepep_moe.py in ai-dynamo/aiconfigurator (read 2026).
ExpertLoad uniform_load(const Routing& routing, bool decode) {
  constexpr double block = 128;
  const double local = static_cast<double>(routing.experts) / routing.ranks;
  const double choices = routing.tokens * routing.top_k;
  const double each = std::floor(choices / routing.experts);
  if (each < 1) {
    const double single = decode ? std::min(local, std::floor(choices / routing.ranks)) : 0;
    return {single, single};
  }
  if (decode || each >= block) return {local, local * each};
  return {std::ceil(local * each / block), local * each};
}

/// Prefill (`ctx`) copies tokens to and from the layout of the grouped GEMM; decode (`gen`) gets them there.
/// Prefill was timed outside a CUDA graph: at few tokens the times are those of the host.
Reading read_wideep(const Cells& cells) {
  const auto operands = operands_of(cells.text("dtype"));
  if (const auto* why = std::get_if<std::string>(&operands)) return *why;
  const Experts experts{.local = cells.count("experts") / cells.count("moe_ep"),
                        .hidden = cells.count("hidden"),
                        .width = cells.count("inter") / cells.count("moe_tp"),
                        .operands = std::get<Operands>(operands)};
  const Routing routing = routing_of(cells, "experts", "moe_ep");
  const std::string_view distribution = cells.text("distribution"), phase = cells.text("phase");
  const auto alpha = power_law(distribution);
  if (!alpha && distribution != "uniform") return unknown_distribution(distribution);
  if (phase != "ctx" && phase != "gen") cells.wrong("phase", in_quotes(phase) + " is no phase", "ctx, gen");
  const ExpertLoad load = alpha ? power_law_load(routing, *alpha) : uniform_load(routing, phase == "gen");
  if (load.experts == 0) return idle;

  Measurement row;
  row.kernels = feed_forward(experts, load);
  if (phase == "ctx") {
    row.kernels.insert(row.kernels.begin(), permutation(experts, load, stored_size(experts.operands)));
    row.kernels.push_back(combination(experts, load.rows, routing.tokens));
  }
  row.time = cells.positive("latency_us") * us;
  row.implementation = std::string{cells.text("kernel")} + " " + std::string{phase};
  row.routing = distribution;
  return row;
}

/// vllm-ascend's expert MLP, both projections, with random routing; all results, also the zeros that stand
/// for other ranks' experts, are combined.
/// Source: collector/npu/moe_factory.py in hudingyi688/aiconfigurator-npu, whose timed function runs both
///         grouped products and the combination, whatever shape it writes down (read 2026).
Reading read_ascend_moe(const Cells& cells) {
  const auto operands = operands_of(cells.text("dtype"));
  if (const auto* why = std::get_if<std::string>(&operands)) return *why;
  const Experts experts{.local = cells.count("num_experts") / cells.count("ep_size"),
                        .hidden = cells.count("hidden"),
                        .width = cells.count("intermediate"),
                        .operands = std::get<Operands>(operands)};
  const Routing routing = routing_of(cells, "num_experts", "ep_size");
  const ExpertLoad load = random_load(routing);
  const double choices = routing.tokens * routing.top_k;

  Measurement row;
  row.kernels = feed_forward(experts, load);
  if (routing.ranks > 1)
    row.kernels.push_back(
        models::vector_kernel("zeros of other ranks", Flops{}, choices * experts.hidden * bf16));
  row.kernels.push_back(combination(experts, choices, routing.tokens));
  row.time = cells.positive("latency_us") * us;
  row.implementation = "vllm-ascend";
  row.routing = "random";
  return row;
}

}  // namespace

std::vector<Dialect> moe_dialects() {
  return {{"wideep_moe",
           {"phase", "kernel", "dtype", "num_tokens", "hidden", "inter", "topk", "experts", "moe_tp",
            "moe_ep", "distribution", "latency_us"},
           read_wideep},
          {"moe",
           {"kernel", "dtype", "num_tokens", "hidden", "inter", "topk", "experts", "moe_tp", "moe_ep",
            "distribution", "latency_us"},
           read_moe},
          {"ascend_moe",
           {"dtype", "num_tokens", "hidden", "intermediate", "num_experts", "topk", "ep_size", "latency_us"},
           read_ascend_moe}};
}

}  // namespace superpod::scenarios
