/// Why work on a model cannot be shared by ranks as it is asked for.
#pragma once

#include <cstdint>
#include <vector>

#include "models/mapping/expert_load.hpp"
#include "models/mapping/parallelism.hpp"
#include "topology/fabric/fabric.hpp"
#include "topology/fabric/wiring.hpp"

namespace superpod::models {

/// All that does not fit together, each with the key of the workload that it concerns: those of groups, else
/// of the shape, else of the layout.
std::vector<topology::Flaw> flaws(const Llm& llm, const Parallelism& parallel, const ExpertTraffic& experts,
                                  const topology::Wiring& wiring);

/// The order of dimensions, and groups that must nest.
std::vector<topology::Flaw> flaws_of_groups(const Llm& llm, const Parallelism& parallel);

/// Sizes against the NPUs, and shares of the model against the sizes. Supposes groups without a flaw.
std::vector<topology::Flaw> flaws_of_shape(const Llm& llm, const Parallelism& parallel,
                                           const ExpertTraffic& experts, std::int64_t npus);

/// Dimensions against the levels. Supposes a shape without a flaw.
std::vector<topology::Flaw> flaws_of_layout(const Llm& llm, const Parallelism& parallel,
                                            const ExpertTraffic& experts, const topology::Wiring& wiring);

/// Context ranks take a chunk from either end of a sequence, whose tokens must divide into these.
std::vector<topology::Flaw> flaws_of_chunks(const Parallelism& parallel, int sequence_length);

/// A stage needs a layer.
std::vector<topology::Flaw> flaws_of_stages(const Llm& llm, int stages);

}  // namespace superpod::models
