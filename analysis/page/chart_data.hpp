/// What the page's scripts draw, as JSON.
#pragma once

#include <string>

#include "analysis/page/bars.hpp"
#include "analysis/result.hpp"

namespace superpod::analysis {

/// Whether the result has slots (`timeline`) or links' use over time (`heat`) to draw.
bool has_timeline(const Result& result);
bool has_heat(const Result& result);

/// Whether it has something that the library of charts draws: answers, samples or points.
bool has_library_charts(const Result& result);

/// `{"timeline": {rows, phases, colours, row, phase, microbatch, chunk, start, finish}, "heat": {rows, start,
/// values}, "pareto", "samples", "points"}`, each only when the result has it; times in seconds.
std::string chart_data(const Result& result, Colours& phase_colours);

}  // namespace superpod::analysis
