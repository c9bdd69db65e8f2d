#include "models/kernels/cpu/dispatch.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace superpod::models::cpu {
namespace {

std::vector<Path> found_paths() {
  std::vector<Path> all;
  for (const auto& [name, path] : words(Path{})) {
    const std::int64_t compiled = HWY_TARGETS & target_of(path);
    if (path == Path::portable || (compiled & hwy::SupportedTargets()) != 0) all.push_back(path);
  }
  return all;
}

}  // namespace

const std::vector<Path>& paths() {
  // Asked once: a virtual machine stops for each question to its CPU.
  static const std::vector<Path> all = found_paths();
  return all;
}

Path widest_path() { return paths().back(); }

void require(Path path) {
  if (std::ranges::find(paths(), path) == paths().end())
    throw std::invalid_argument{std::string{"this machine has no "} +
                                std::string{words(Path{})[static_cast<std::size_t>(path)].first}};
}

}  // namespace superpod::models::cpu
