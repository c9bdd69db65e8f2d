#include "topology/folding/colour_refinement.hpp"

#include <gmock/gmock.h>

#include <map>
#include <random>

#include "sim/values/index.hpp"

namespace superpod::topology {
namespace {

using testing::ElementsAre;

std::vector<Influence> cables(const std::vector<std::pair<int, int>>& pairs) {
  std::vector<Influence> both;
  for (const auto& [a, b] : pairs) {
    both.push_back({a, b});
    both.push_back({b, a});
  }
  return both;
}

TEST(ColourRefinement, FindsTheMirrorOfAPath) {
  const Partition path = refine(std::vector<int>(5), cables({{0, 1}, {1, 2}, {2, 3}, {3, 4}}));
  EXPECT_THAT(path.of, ElementsAre(0, 1, 2, 1, 0));
}

TEST(ColourRefinement, KeepsARegularGraphWhole) {
  // Also where no symmetry exchanges the vertices: every vertex has two neighbours, in a circle of 3 and one
  // of 4.
  const Partition circles =
      refine(std::vector<int>(7), cables({{0, 1}, {1, 2}, {2, 0}, {3, 4}, {4, 5}, {5, 6}, {6, 3}}));
  EXPECT_EQ(circles.classes, 1);
}

TEST(ColourRefinement, TellsColoursAndWeightsApart) {
  EXPECT_EQ(refine({0, 1, 0}, {}).classes, 2);
  EXPECT_THAT(refine({0, 0, 0, 0}, {{0, 1, 2}, {0, 2, 1}, {0, 2, 1}, {0, 3, 3}}).of, ElementsAre(0, 1, 1, 2));
}

TEST(ColourRefinement, LooksAtWhatWeighsOnAVertexAndNotAtWhatItWeighsOn) {
  EXPECT_THAT(refine(std::vector<int>(4), {{0, 2}, {3, 2}}).of, ElementsAre(0, 0, 1, 0));
}

TEST(ColourRefinement, OfThirdsInAnyOrderIsOne) {
  // 1/3 + 1/6 + 1/2 rounds differently from 1/2 + 1/6 + 1/3.
  const Partition sums =
      refine({0, 0, 0, 1, 1},
             {{0, 3, 1.0 / 3}, {1, 3, 1.0 / 6}, {2, 3, 0.5}, {0, 4, 0.5}, {1, 4, 1.0 / 6}, {2, 4, 1.0 / 3}});
  EXPECT_EQ(sums.classes, 2);
}

TEST(ColourRefinement, IsStable) {
  std::mt19937 random{3};
  for (int round = 0; round < 50; ++round) {
    const int vertices = 2 + static_cast<int>(random() % 40);
    std::vector<Influence> influences;
    for (auto i = random() % 100; i > 0; --i)
      influences.push_back({static_cast<int>(random() % index(vertices)),
                            static_cast<int>(random() % index(vertices)),
                            static_cast<double>(1 + random() % 2)});
    std::vector<int> colours(index(vertices));
    for (int& colour : colours) colour = static_cast<int>(random() % 2);
    const Partition partition = refine(colours, influences);
    std::vector<std::map<int, double>> from(index(vertices));
    for (const auto& [a, b, weight] : influences) from[index(b)][partition.of[index(a)]] += weight;
    std::map<int, std::size_t> first;
    for (std::size_t v = 0; v < from.size(); ++v) {
      const std::size_t other = first.try_emplace(partition.of[v], v).first->second;
      EXPECT_EQ(from[v], from[other]);
      EXPECT_EQ(colours[v], colours[other]);
    }
    EXPECT_EQ(static_cast<int>(first.size()), partition.classes);
  }
}

}  // namespace
}  // namespace superpod::topology
