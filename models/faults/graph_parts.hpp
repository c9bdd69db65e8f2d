/// The parts of a graph by the names that its file gives them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "topology/cabling/cabling.hpp"

namespace superpod::models {

using LinkEnds = std::pair<int, int>;  ///< from one node to another

class GraphParts {
 public:
  /// `cabling` must outlive it.
  explicit GraphParts(const topology::Cabling& cabling);

  [[nodiscard]] const std::string& name(int node) const {
    return cabling_.nodes[static_cast<std::size_t>(node)].name;
  }
  [[nodiscard]] const std::vector<int>& npus() const { return npus_; }
  [[nodiscard]] const std::vector<int>& switches() const { return switches_; }
  [[nodiscard]] bool tells_only_routes() const { return !cabling_.routes.empty(); }

  [[nodiscard]] std::optional<int> node(const std::string& name) const;
  /// The name that was perhaps meant.
  [[nodiscard]] std::optional<std::string> closest(const std::string& name) const;

  /// Parallel ones, from the first to the second.
  [[nodiscard]] std::vector<int> links(const LinkEnds& ends) const;
  /// That begin or end there.
  [[nodiscard]] std::vector<int> links_at(int node) const;
  /// Whether these have one bandwidth.
  [[nodiscard]] bool alike(const std::vector<int>& links) const;

  /// All that links join; `one_way`: each direction by itself, else both as one.
  [[nodiscard]] std::vector<LinkEnds> pairs(bool one_way) const;

 private:
  const topology::Cabling& cabling_;
  std::map<std::string, int> numbers_;
  std::map<LinkEnds, std::vector<int>> between_;
  std::vector<int> npus_, switches_;
};

}  // namespace superpod::models
