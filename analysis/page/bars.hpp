/// Bars in markup: each chart is a table whose rows hold a name, what it means, a bar and its number, so that
/// it can be read aloud, copied and printed, and needs no script.
#pragma once

#include <string>
#include <vector>

#include "analysis/result.hpp"

namespace superpod::analysis {

/// One colour for each name, in the order of first mention; time in which nothing is done is hatched, not
/// coloured.
class Colours {
 public:
  int of(const std::string& name);  ///< 1 to 8, from the start again after the eighth; 0: hatched
  std::string class_of(const std::string& name) { return 'c' + std::to_string(of(name)); }

 private:
  std::vector<std::string> names_;
};

/// In seconds; 0 where it is not known.
struct Step {
  double time = 0;
  double at_peak = 0;  ///< what its model FLOPs would take at the peak rate of all NPUs
};

/// Where the step goes: each bar begins where the one before it ends. Computation is split into what it would
/// take at peak and the rest; what the causes leave of the step gets a row of its own, so that the rows
/// always add up to it.
std::string waterfall(const Table& breakdown, const Step& step, Colours& colours);

/// The critical path by cause, largest first.
std::string critical_path_bars(const Table& critical_path, Colours& colours);

/// How much of its bandwidth each class of links uses (dark), and how long it is in use at all (pale).
std::string link_bars(const Table& links);

/// Bytes of each stage in parts, against the capacity of its NPU.
std::string memory_bars(const Table& memory, Colours& colours);

}  // namespace superpod::analysis
