#include "models/kernels/cpu/execution.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "models/kernels/cpu/dispatch.hpp"

namespace superpod::models::cpu {

std::vector<Path> paths() {
  std::vector<Path> all;
  for (const auto& [name, path] : words(Path{})) {
    const std::int64_t compiled = HWY_TARGETS & target_of(path);
    if (path == Path::portable || (compiled & hwy::SupportedTargets()) != 0) all.push_back(path);
  }
  return all;
}

Path widest_path() {
  static const Path widest = paths().back();
  return widest;
}

void require(Path path) {
  const std::vector<Path> all = paths();
  if (std::ranges::find(all, path) == all.end())
    throw std::invalid_argument{std::string{"this machine has no "} +
                                std::string{words(Path{})[static_cast<std::size_t>(path)].first}};
}

}  // namespace superpod::models::cpu
