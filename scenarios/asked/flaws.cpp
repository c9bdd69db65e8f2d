#include "scenarios/asked/flaws.hpp"

namespace superpod::scenarios {

void note(const std::vector<topology::Flaw>& flaws, const std::string& path, const Places& places,
          Mistakes& mistakes) {
  for (const topology::Flaw& flaw : flaws)
    mistakes.add(places.at(flaw.key.empty() ? path : path + "." + flaw.key), flaw.message, flaw.help);
}

}  // namespace superpod::scenarios
