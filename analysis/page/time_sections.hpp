/// Where the time of a run goes: the step cause by cause, its critical path, and who does what when.
#pragma once

#include <string>

#include "analysis/page/bars.hpp"
#include "analysis/result.hpp"

namespace superpod::analysis {

// Each is empty when the result lacks what it shows.
std::string breakdown_section(const Result& result, Colours& causes);
std::string critical_path_section(const Result& result, Colours& causes);
std::string timeline_section(const Result& result, Colours& phases);

/// Links' use over time, on the axis of the timeline.
std::string link_use_over_time(const Result& result);

}  // namespace superpod::analysis
