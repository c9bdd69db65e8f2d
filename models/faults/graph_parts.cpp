#include "models/faults/graph_parts.hpp"

#include <algorithm>

#include "sim/values/closest_word.hpp"
#include "sim/values/index.hpp"

namespace superpod::models {

GraphParts::GraphParts(const topology::Cabling& cabling) : cabling_{cabling} {
  for (std::size_t n = 0; n < cabling.nodes.size(); ++n) {
    numbers_.try_emplace(cabling.nodes[n].name, static_cast<int>(n));
    (cabling.nodes[n].npu ? npus_ : switches_).push_back(static_cast<int>(n));
  }
  for (std::size_t l = 0; l < cabling.links.size(); ++l)
    between_[{cabling.links[l].from, cabling.links[l].to}].push_back(static_cast<int>(l));
}

std::optional<int> GraphParts::node(const std::string& name) const {
  const auto at = numbers_.find(name);
  return at == numbers_.end() ? std::nullopt : std::optional{at->second};
}

std::optional<std::string> GraphParts::closest(const std::string& name) const {
  std::vector<std::string> known;
  for (const auto& [each, number] : numbers_) known.push_back(each);
  return closest_word(name, known);
}

std::vector<int> GraphParts::links(const LinkEnds& ends) const {
  const auto at = between_.find(ends);
  return at == between_.end() ? std::vector<int>{} : at->second;
}

std::vector<int> GraphParts::links_at(int node) const {
  std::vector<int> links;
  for (const auto& [ends, parallel] : between_)
    if (ends.first == node || ends.second == node)
      links.insert(links.end(), parallel.begin(), parallel.end());
  return links;
}

bool GraphParts::alike(const std::vector<int>& links) const {
  return std::ranges::all_of(links, [&](int link) {
    return cabling_.links[index(link)].bandwidth == cabling_.links[index(links.front())].bandwidth;
  });
}

std::vector<LinkEnds> GraphParts::pairs(bool one_way) const {
  std::vector<LinkEnds> all;
  for (const auto& [ends, links] : between_)
    if (one_way || ends.first < ends.second || !between_.contains({ends.second, ends.first}))
      all.push_back(ends);
  return all;
}

}  // namespace superpod::models
