#include "scenarios/run/memory_limit.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>

namespace superpod::scenarios {
namespace {

std::optional<double> number_in(const std::filesystem::path& file) {
  std::ifstream in{file};
  double number = 0;
  return in >> number ? std::optional{number} : std::nullopt;  // `max` is no number: no limit
}

/// In bytes.
double free_in_machine() {
  std::ifstream in{"/proc/meminfo"};
  std::string key, unit;
  for (double kilobytes = 0; in >> key >> kilobytes && std::getline(in, unit);)
    if (key == "MemAvailable:") return kilobytes * 1024;
  return static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

std::string own_group() {
  std::ifstream in{"/proc/self/cgroup"};
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("0::")) return line.substr(3);
  return "/";
}

std::optional<double> left_by_ulimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return std::nullopt;
  const double used = number_in("/proc/self/statm").value_or(0) * static_cast<double>(sysconf(_SC_PAGESIZE));
  return std::max(0.0, static_cast<double>(limit.rlim_cur) - used);
}

}  // namespace

std::optional<Bytes> left_to_group(const std::filesystem::path& root, const std::string& path) {
  double least = std::numeric_limits<double>::infinity();
  std::filesystem::path group{path};
  while (true) {
    const std::filesystem::path folder = root / group.relative_path();
    if (const auto most = number_in(folder / "memory.max"))
      least = std::min(least, std::max(0.0, *most - number_in(folder / "memory.current").value_or(0)));
    if (!group.has_relative_path()) break;
    group = group.parent_path();
  }
  return least < std::numeric_limits<double>::infinity() ? std::optional{Bytes{least}} : std::nullopt;
}

MemoryLimit memory_limit() {
  MemoryLimit limit{Bytes{free_in_machine()}, "free on this machine"};
  const auto lower = [&](std::optional<Bytes> left, const char* whose) {
    if (left && *left < limit.left) limit = {*left, whose};
  };
  lower(left_to_group("/sys/fs/cgroup", own_group()), "left to this process's control group");
  if (const auto left = left_by_ulimit()) lower(Bytes{*left}, "left by ulimit -v");
  return limit;
}

}  // namespace superpod::scenarios
