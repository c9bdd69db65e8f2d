/// A collective as legs through which the chunks of its vector pass.
#pragma once

#include <functional>
#include <vector>

#include "models/collectives/group/group.hpp"

namespace superpod::models {

/// What each chunk does along one digit, or over all at once, from when it may begin to its end.
using Leg = std::function<Front(const Front&)>;
using Legs = std::vector<Leg>;

/// Chunks pass through the legs one after the other, and do not overtake: a chunk enters a leg when it
/// has left the one before, and the chunk before it has left this one.
Front pass(const Writer& to, int chunks, const Legs& legs, const Front& begin);

}  // namespace superpod::models
