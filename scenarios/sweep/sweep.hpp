/// Reads sweeps (sweep_file.hpp).
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "scenarios/asked/scenario.hpp"
#include "scenarios/sweep/sweep_file.hpp"

namespace superpod::scenarios {

/// Whether a file is meant as a sweep: it has a key of one, and no workload.
bool is_sweep(const Node& file);

/// JSON Schema of sweeps, for editors.
std::string sweep_schema();

/// Notes every mistake of the file, of its scenario, and of paths and values that no point can take. None
/// when there was one. Throws std::runtime_error with the path when a file cannot be read.
std::optional<SweepFile> read_sweep(const std::filesystem::path& path, const Library& library,
                                    Mistakes& mistakes);

/// The same of the tree of a file.
std::optional<SweepFile> read_sweep(const Node& tree, const Library& library, Mistakes& mistakes);

}  // namespace superpod::scenarios
