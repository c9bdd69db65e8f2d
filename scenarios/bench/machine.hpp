/// The machine on which kernels are measured, as Linux tells of it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "sim/values/units.hpp"

namespace superpod::scenarios {

struct Machine {
  std::string model;     ///< of its CPU, as the CPU calls itself; "unknown CPU" where Linux does not say
  int processors = 1;    ///< that may run this program's threads
  Hertz clock;           ///< of the first processor at this moment; 0: unknown
  std::string governor;  ///< that sets the clock, e.g. `performance`; empty: unknown, as in virtual machines
  Bytes largest_cache;   ///< that a processor sees; 0: unknown
  double load = 0;       ///< processes that ran or waited in the last minute: near 0 on a quiet machine
};

/// From /proc/cpuinfo, /proc/loadavg and /sys/devices/system/cpu below `root`.
Machine this_machine(const std::filesystem::path& root = "/");

/// One line: `AMD EPYC, 2 processors at 2.6 GHz, governor performance, 32 MiB cache, load 0.1`.
std::string text(const Machine& machine);

/// How tables call a device that the catalogue does not know: lower case, words joined by `_`, without
/// trade marks and clocks. `cpu` and `Intel(R) Xeon(R) CPU @ 2.60GHz` give `cpu_intel_xeon`.
std::string device_name(std::string_view kind, std::string_view model);

}  // namespace superpod::scenarios
