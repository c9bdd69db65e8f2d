/// Rows of measured serving, as SemiAnalysis' InferenceX measures and NVIDIA's aiconfigurator collates:
/// concurrency, backend, model_path, system, mode, isl, osl, quant modes, parallel sizes, mean TTFT and TPOT.
#pragma once

#include <functional>
#include <string>

#include "scenarios/text/library.hpp"
#include "scenarios/validate/simulated_rows.hpp"

namespace superpod::scenarios {

/// Whether a table has these columns.
bool has_serving_rows(const Csv& table);

/// What a row says of one run.
struct ServingRow {
  Prediction prediction;      ///< system, subject, implementation and case
  std::string scenario;       ///< in YAML
  double ttft = 0, tpot = 0;  ///< means, in ms
  double output_tokens = 1;   ///< at most
};

/// The run that a row names. The client is InferenceX's: `concurrency` requests at once, each that ends lets
/// the next one in, ten times as many in all; lengths even in [0.8, 1] of isl and osl; no prompt is known
/// before. `backend` is an engine of the catalogue with its defaults (and a stream
/// interval of ten, but for vLLM), `system` one that has such NPUs, of
/// which tp_size x attention_dp_size serve.
///
/// Weights and products are in the precision of the experts, or of the dense layers where there are none.
/// What rows do not tell is the same for all: keys and values are in FP8 where weights have 8 bits or fewer
/// (NVIDIA's checkpoints and the launch scripts say so), else in BF16; checkpoints with NVFP4 experts leave
/// attention's projections in BF16; experts are balanced.
/// Not simulated, and so refused: prefill and decode apart, speculation (also where it is not known), weights
/// alone in 4 bits, pipelines, experts shared by some of the ranks, models that the catalogue lacks.
/// Throws Unpredictable with the reason.
ServingRow serving_row(const Cells& cells, const Library& library);

/// Serves each row of the table, without SimGrid's clock: three predictions each, TTFT, TPOT and
///
///     E2E = TTFT + TPOT (osl - 1)
///
/// of measured and predicted means alike. Intervals come from all kernels slower, or faster, by the error
/// that their timings are expected to have.
void predict_serving(Validation& validation, const Library& library,
                     const std::function<void(double)>& progress);

}  // namespace superpod::scenarios
