#pragma once

#include "scenarios/asked/scenario.hpp"
#include "scenarios/text/mistakes.hpp"

namespace superpod::scenarios {

/// The currency in which prices were written: one for all, else a mistake. `path` is where they stand in the
/// file.
void read_currency(models::Prices& prices, const std::string& path, const Places& places, Mistakes& mistakes);

/// The currency of a scenario's prices, and what does not fit in its keys `prices` and `supply`, and in what
/// its chip says of its supply.
void read_planning(ScenarioFile& file, Mistakes& mistakes);

}  // namespace superpod::scenarios
