// The algorithms that a scenario can name, in the order in which they are listed.
#include <array>

#include "models/collectives/algorithms/algorithm.hpp"

namespace superpod::models {

std::vector<std::pair<std::string_view, Algorithm>> words(Algorithm) {
  using namespace recipes;
  std::vector<std::pair<std::string_view, Algorithm>> all;
  for (const Recipe* recipe : {&automatic, &ring, &halving_doubling, &direct, &hierarchical})
    all.emplace_back(recipe->word, Algorithm{*recipe});
  return all;
}

}  // namespace superpod::models
