/// What does not fit together, at the place where it was written.
#pragma once

#include <string>
#include <vector>

#include "scenarios/text/mistakes.hpp"
#include "scenarios/text/yaml_read.hpp"
#include "topology/fabric/fabric.hpp"

namespace superpod::scenarios {

/// Notes flaws of the value that stands at `path`.
void note(const std::vector<topology::Flaw>& flaws, const std::string& path, const Places& places,
          Mistakes& mistakes);

}  // namespace superpod::scenarios
