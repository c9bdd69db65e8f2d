/// How much more memory this process may use.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "sim/values/units.hpp"

namespace superpod::scenarios {

struct MemoryLimit {
  Bytes left;
  std::string whose;  ///< what sets it, in words
};

/// The least of: memory that the machine has free (MemAvailable), what is left to the control group (v2) of
/// this process and to those around it, and what `ulimit -v` leaves.
MemoryLimit memory_limit();

/// What is left to the group at `path` (as in /proc/self/cgroup: `/user.slice/x`) and to those around it;
/// `root` is where the groups are, /sys/fs/cgroup. None if no group has a limit.
std::optional<Bytes> left_to_group(const std::filesystem::path& root, const std::string& path);

}  // namespace superpod::scenarios
