#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/result.hpp"

namespace superpod::analysis {

/// The object that `run --json` prints: `scenario` (its name), `kind`, `system`, `engine`, `version` and
/// `seed`, then the figures in their order, then those of this run.
///
/// A key with dots goes into objects: `breakdown_s.bubble` is {"breakdown_s": {"bubble": ...}}. An uncertain
/// figure has a sibling `<key>_interval: [low, high]`. Numbers have the digits that read back as the same
/// number, whole counts and bytes none after the point; what is not finite is null. Equal results make equal
/// text. `of_this_run` holds what differs from run to run (`wall_s`, `peak_rss_bytes`) and so is no part of a
/// Result.
/// Throws std::logic_error when a key is given twice, or is both a figure and an object.
std::string json(const Result& result, const std::vector<Figure>& of_this_run = {});

/// `text` as a JSON string with its quotes; bytes that are no UTF-8 become U+FFFD.
std::string json_string(std::string_view text);

}  // namespace superpod::analysis
