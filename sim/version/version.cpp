#include "sim/version/version.hpp"

namespace superpod {

extern const Sources sources_of_this_build;  // sim/version/sources.cmake writes it at each build

std::string version_text(const Sources& sources) {
  std::string text{sources.number};
  if (sources.commit.empty()) return text;
  text.append(" (").append(sources.commit);
  if (!sources.changes.empty()) text.append(", modified ").append(sources.changes);
  return text + ")";
}

const std::string& version() {
  static const std::string text = version_text(sources_of_this_build);
  return text;
}

}  // namespace superpod
