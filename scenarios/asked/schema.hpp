#pragma once

#include <string>

namespace superpod::scenarios {

/// JSON Schema (draft-07) of a scenario file, from the same descriptions that the reader uses; for editors.
///
/// It is weaker than `superpod check` in one place: what refines a catalogue entry (`base: NAME`) has its
/// keys checked, not their values, since a refinement may name elements of a list by key.
std::string json_schema();

}  // namespace superpod::scenarios
