/// A tree as YAML text, which reads back as the same tree.
#pragma once

#include <string>

#include "scenarios/text/yaml.hpp"

namespace superpod::scenarios {

/// Of a mapping: a key a line, mappings in it indented, what is deeper in braces and brackets.
std::string yaml_text(const Node& mapping);

}  // namespace superpod::scenarios
