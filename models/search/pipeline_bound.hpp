/// The least time of a pipeline whose stages are sums over layers.
#pragma once

#include <vector>

#include "models/search/layer_sums.hpp"
#include "models/training/schedule.hpp"

namespace superpod::models {

struct StepBound {
  Seconds step;
  Bytes memory;       ///< the fullest NPU needs at least as much
  bool fits = true;   ///< false: no cut of the model fits. A dualpipe's cuts are not tried: true may be wrong
  bool roomy = true;  ///< stages that are about equally fast fit
};

struct PipelineCase {
  const Pipeline& pipe;
  const LayerSums& sums;
  const UpdateBounds& update;
  const std::vector<std::vector<int>>& held;  ///< [pipeline rank][chunk] microbatches at the fullest moment
  Bytes capacity;
};

/// 1F1B, GPipe and interleaved. `fastest_cut` [stage] layers, where all ranks have room for it.
StepBound bound_in_turn(const PipelineCase& work, const std::vector<int>& fastest_cut);

/// `even_cut` [stage] layers of about equal cost.
StepBound bound_of_dualpipe(const PipelineCase& work, const std::vector<int>& even_cut);

}  // namespace superpod::models
