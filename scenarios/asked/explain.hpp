#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/asked/scenario.hpp"
#include "scenarios/text/library.hpp"
#include "scenarios/text/parameters.hpp"

namespace superpod::scenarios {

/// Every resolved parameter of a scenario: path, value, grade, source, and where it was written. The
/// catalogue's `facts`, which nothing is computed from, are left out.
std::vector<Parameter> parameters(const ScenarioFile& file);

/// The same as a table, with the titles of the sources.
std::string explain(const ScenarioFile& file, const Library& library);

/// A catalogue entry as such a table. Throws ScenarioError when there is none of that name, or it has
/// mistakes.
std::string show(std::string_view name, const Library& library);

/// A system of the catalogue. Throws ScenarioError as `show` does.
models::System system_named(const std::string& name, const Library& library);

/// The entries of one shelf, or of all, one a line: file name, and the name that its maker gave it.
std::string list(std::string_view shelf, const Library& library);

/// The scenarios that come with superpod: file, and what it is for.
std::string list_of_scenarios();

}  // namespace superpod::scenarios
