/// Whether the counts of a model's shape fit together.
#pragma once

#include <vector>

#include "models/transformer/llm.hpp"
#include "topology/fabric/fabric.hpp"

namespace superpod::models {

/// What does not fit together, with keys that begin with `model`: groups of experts that do not divide them,
/// a token that chooses more experts than there are, more layers of a kind than layers. Each count is within
/// its own range.
std::vector<topology::Flaw> flaws(const Llm& llm);

}  // namespace superpod::models
