/// How many tokens the experts of one rank get, in the benchmarks whose tables we read.
///
/// A benchmark draws tokens to all experts of an expert-parallel group, and times one rank: the first, or the
/// one with the most tokens.
#pragma once

namespace superpod::scenarios {

struct Routing {
  double tokens = 0;  ///< that enter the layer on all ranks together
  double top_k = 0;   ///< experts for each token
  int experts = 0;    ///< of the layer
  int ranks = 1;      ///< that share them out, in order; a divisor of `experts`
};

struct ExpertLoad {
  double experts = 0;  ///< of the timed rank that get a token
  double rows = 0;     ///< pairs of a token and one of these experts
};

/// The first rank when the i-th choice of token t is expert (t + i * stride) modulo the experts, with
/// stride = ceil(experts / top_k); fewer than `stride` tokens are spread over the stride. Exact.
/// Source: balanced_logits in ai-dynamo/aiconfigurator, collector/helper.py (read 2026).
ExpertLoad balanced_load(const Routing& routing);

/// Each token chooses `top_k` distinct experts with equal chances: the expectation for one rank.
///
///     active experts = local * (1 - (1 - top_k / experts)^tokens)
ExpertLoad random_load(const Routing& routing);

/// The busiest rank when experts are drawn by a power law: popularities x with density x^-alpha, on
/// [1, 0.8 tokens], or on [0.01, 2] where there are no more choices than experts; tokens in proportion,
/// whole, and at most `tokens` an expert; what rounding leaves goes to ranks in turn. The mean of 16 drawings
/// by a fixed generator, so the same on every machine (the benchmark's own five drawings are not known).
/// Source: sample_power_law and its callers in ai-dynamo/aiconfigurator, collector/helper.py (read 2026).
ExpertLoad power_law_load(const Routing& routing, double alpha);

}  // namespace superpod::scenarios
