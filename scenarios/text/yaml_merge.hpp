/// One tree refined by another, and the values that a command line sets.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "scenarios/text/mistakes.hpp"
#include "scenarios/text/yaml.hpp"

namespace superpod::scenarios {

/// `base` with what `refinement` says differently.
///
/// - Mappings merge key by key. But one that says `value` (a figure), `base` (an entry) or another `kind`
/// starts anew.
/// - A list whose elements have a `name` merges with such a list by name; what is new is added at the end.
/// - A list takes a mapping whose keys are names or indices (from 0) of its elements.
/// - A mapping that meets a word refines the catalogue entry of that name.
/// - Anything else replaces what was there.
Node merged(Node base, const Node& refinement, Mistakes& mistakes);

/// `root` after each `path=value`, e.g. `workload.microbatch=2`, `system.networks.UBoE.bandwidth=200 GB/s`,
/// with the value in YAML. Mistakes stand at `--set:N:column`, N the number of the setting.
Node with_settings(Node root, std::span<const std::string> settings, Mistakes& mistakes);

/// The tree that says only that the value at `path` is `value`: a mapping within a mapping for each word.
/// `place` is that of the path, for mistakes. None, with a mistake, when the path has an empty word or too
/// many.
std::optional<Node> setting_tree(std::string_view path, const Place& place, Node value, Mistakes& mistakes);

}  // namespace superpod::scenarios
