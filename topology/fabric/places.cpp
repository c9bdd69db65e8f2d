#include "topology/fabric/places.hpp"

namespace superpod::topology {

std::string in_words(const Wiring& wiring, const Address& at) {
  std::string words;
  for (int level = 0; level < wiring.levels(); ++level)
    if (const int digit = at[static_cast<std::size_t>(level)]; digit != absent)
      words += (words.empty() ? "" : ", ") + wiring.fabric().levels[static_cast<std::size_t>(level)].name +
               " " + std::to_string(digit);
  return words;
}

std::string in_words(const Wiring& wiring, const NodeKey& node) {
  const std::string at = in_words(wiring, node.at);
  const std::string& name = wiring.node_families()[static_cast<std::size_t>(node.family)].name;
  return at.empty() ? name : name + " (" + at + ")";
}

std::string in_words(const Wiring& wiring, const LinkKey& link) {
  const auto [from, to] = wiring.ends(link);
  return "the link '" + wiring.link_families()[static_cast<std::size_t>(link.family)].name + "' from " +
         in_words(wiring, from) + " to " + in_words(wiring, to);
}

}  // namespace superpod::topology
