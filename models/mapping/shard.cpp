#include "models/mapping/shard.hpp"

namespace superpod::models {

Shard shard_of(const Llm& llm, const Parallelism& parallel) {
  return {.tensor = parallel.tensor,
          .context = parallel.context,
          .expert = parallel.expert,
          .expert_tensor = llm.moe && parallel.expert == 1 ? parallel.tensor : 1};
}

}  // namespace superpod::models
