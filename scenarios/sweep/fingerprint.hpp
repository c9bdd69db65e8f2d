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

/// In words, the first part in which a fingerprint that was kept differs from that of now; empty when none
/// does.
std::string difference(const Fingerprint& kept, const Fingerprint& now);

}  // namespace superpod::scenarios
