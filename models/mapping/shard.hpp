/// How ranks cut the layers of a model.
#pragma once

#include "models/mapping/parallelism.hpp"
#include "models/transformer/llm.hpp"
#include "models/transformer/slice.hpp"

namespace superpod::models {

/// Where the experts are not shared, each is cut like the dense layers.
Shard shard_of(const Llm& llm, const Parallelism& parallel);

}  // namespace superpod::models
