/// The least time of a pipeline whose stages are sums over layers. Used by step_bound.cpp only.
#pragma once

#include <vector>

#include "models/search/step_bound.hpp"

namespace superpod::models {

struct PipelineCase {
  const Pipeline& pipe;
  const LayerSums& sums;
  const Geometry::Update& update;
  const std::vector<std::vector<int>>& held;  ///< [pipeline rank][chunk] microbatches at the fullest moment
  double capacity = 0;                        ///< B
};

/// 1F1B, GPipe and interleaved. `fastest_cut` [stage] layers, where all ranks have room for it.
StepBound bound_in_turn(const PipelineCase& work, const std::vector<int>& fastest_cut);

/// `even_cut` [stage] layers of about equal cost.
StepBound bound_of_dualpipe(const PipelineCase& work, const std::vector<int>& even_cut);

}  // namespace superpod::models
