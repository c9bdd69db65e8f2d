#pragma once

#include <string>
#include <utility>
#include <vector>

#include "models/work/work.hpp"
#include "scenarios/sweep/sweep.hpp"
#include "scenarios/text/library.hpp"

namespace superpod::scenarios {

/// What a sweep's results depend on, each with the sum of its text: version, engine, sweep, scenario,
/// library, files.
using Fingerprint = std::vector<std::pair<std::string, std::string>>;

/// `files` are those that values of the scenario and of the sweep name: graphs, tokens of experts.
Fingerprint fingerprint(const SweepFile& file, const Library& library, models::Detail detail);

/// The first part that differs; empty when none does.
std::string difference(const Fingerprint& one, const Fingerprint& other);

}  // namespace superpod::scenarios
