#pragma once

#include <optional>

#include "models/collectives/workload.hpp"
#include "scenarios/asked/scenario.hpp"
#include "sim/values/units.hpp"

namespace superpod::scenarios {

/// How long a collective takes by pencil and paper (models/collectives/closed_forms.hpp), where that is
/// known: ring, halving-doubling or direct, all in one piece and of equal parts, on one whole network that
/// has these ranks to itself: one switch, or a full mesh or a ring of one level.
std::optional<Seconds> closed_form(const models::CollectiveWorkload& workload, const Scenario& on);

}  // namespace superpod::scenarios
