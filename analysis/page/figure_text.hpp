/// A figure of the answer in words.
#pragma once

#include <string>
#include <utility>

#include "analysis/result.hpp"

namespace superpod::analysis {

/// `step_time_s` -> `Step time`, `tokens_per_s_per_npu` -> `Tokens per second per NPU`, `breakdown_s.bubble`
/// -> `Breakdown: bubble`, `mfu` -> `MFU`.
std::string label(const Figure& figure);

/// A column's heading, in the same way: `power_w` -> `Power`.
std::string label(const Column& column);

/// The unit in the figure's own words: a rate of `1/s` called `tokens_per_s_per_npu` is in `tokens/s/NPU`.
std::string unit(const Figure& figure);

/// `3.184 s`, `19.72 M tokens/s`, `41.3 %`.
std::string value_text(const Figure& figure);

/// `2.802 to 3.662 s`: the two ends in one scale; empty for a figure without interval.
std::string interval_text(const Figure& figure);

/// Two ends of a difference of such figures, with their signs and in the scale of `like`; one number where
/// they are equal.
std::string range_text(const std::pair<double, double>& ends, const Figure& like);

}  // namespace superpod::analysis
