#include "models/serving/costs/serving_shape.hpp"

#include "models/mapping/shard.hpp"

namespace superpod::models {

Parallelism ServingParallelism::on_system() const {
  Parallelism parallel;
  parallel.tensor = tensor;
  parallel.expert = expert;
  return parallel;
}

Precisions ServingPrecisions::of_kernels() const {
  return {.gemm = gemm,
          .attention = attention,
          .head = head,
          .router = router,
          .state = state,
          .dispatch = dispatch,
          .combine = combine};
}

std::vector<topology::Flaw> flaws(const ServingParallelism& parallel, const Llm& llm) {
  std::vector<topology::Flaw> found;
  const auto& [tensor, attention_data, expert] = parallel;
  if (expert > 1 && !llm.moe)
    found.push_back({"parallel.expert", llm.name + " has no routed experts", "leave it out"});
  else if (expert > 1 && expert != parallel.ranks())
    found.push_back({"parallel.expert",
                     std::to_string(expert) + " ranks share the experts, and the engine has " +
                         std::to_string(parallel.ranks()),
                     "tensor times attention_data, or 1"});
  if (attention_data > 1 && expert == 1)
    found.push_back({"parallel.attention_data", "its groups would share nothing",
                     llm.moe ? "say `expert: " + std::to_string(parallel.ranks()) + "`"
                             : "serve with more instances instead"});
  if (found.empty())
    for (const std::string& misfit : misfits(llm, shard_of(llm, parallel.on_system())))
      found.push_back({"parallel", misfit, "choose another number of ranks"});
  return found;
}

}  // namespace superpod::models
