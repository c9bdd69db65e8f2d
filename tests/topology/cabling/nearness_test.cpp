// Orders of the NPUs of a graph in which neighbours are near, whatever their names are.
#include "topology/cabling/nearness.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>

namespace superpod::topology {
namespace {

using namespace unit;

/// NPUs whose numbers are shuffled: `number[i]` is what the file calls the i-th.
struct Shuffled {
  Cabling cabling;
  std::vector<int> number;
  std::map<std::pair<int, int>, double> gigabytes;  // of the link between two

  Shuffled(int npus, unsigned seed) : number(static_cast<std::size_t>(npus)) {
    std::iota(number.begin(), number.end(), 0);
    std::mt19937 random{seed};
    std::shuffle(number.begin(), number.end(), random);
    for (int n = 0; n < npus; ++n) cabling.nodes.push_back({"npu" + std::to_string(n), true});
  }

  void join(int a, int b, double gigabytes_per_second) {
    a = number[static_cast<std::size_t>(a)];
    b = number[static_cast<std::size_t>(b)];
    for (const auto& [from, to] : {std::pair{a, b}, std::pair{b, a}}) {
      cabling.links.push_back({from, to, gigabytes_per_second * GB / s, 1 * us});
      gigabytes[{from, to}] = gigabytes_per_second;
    }
  }

  [[nodiscard]] int original(int its_number) const {
    return static_cast<int>(std::ranges::find(number, its_number) - number.begin());
  }
};

TEST(Nearness, RingOfADgx1IsOverItsDoubleLinks) {
  constexpr int links[][3] = {{0, 1, 25}, {0, 2, 25}, {0, 3, 50}, {0, 4, 50}, {1, 2, 50}, {1, 3, 25},
                              {1, 5, 50}, {2, 3, 50}, {2, 6, 25}, {3, 7, 25}, {4, 5, 25}, {4, 6, 25},
                              {4, 7, 50}, {5, 6, 50}, {5, 7, 25}, {6, 7, 50}};
  for (unsigned seed = 0; seed < 20; ++seed) {
    Shuffled dgx1{8, seed};
    for (const auto& [a, b, width] : links) dgx1.join(a, b, width);
    const std::vector<int> order = by_nearness(dgx1.cabling);
    for (std::size_t place = 0; place < order.size(); ++place) {
      const std::pair neighbours{order[place], order[(place + 1) % order.size()]};
      EXPECT_EQ(dgx1.gigabytes[neighbours], 50) << "seed " << seed << ", place " << place;
    }
  }
}

TEST(Nearness, BoardFollowsBoard) {
  constexpr int side = 4;
  for (unsigned seed = 0; seed < 20; ++seed) {
    Shuffled mesh{side * side, seed};
    for (int board = 0; board < side; ++board)
      for (int slot = 0; slot < side; ++slot) {
        for (int other = 0; other < slot; ++other) mesh.join(side * board + slot, side * board + other, 50);
        for (int other = 0; other < board; ++other) mesh.join(side * board + slot, side * other + slot, 25);
      }
    const std::vector<int> order = by_nearness(mesh.cabling);
    for (std::size_t place = 0; place < order.size(); ++place)
      EXPECT_EQ(mesh.original(order[place]) / side, mesh.original(order[place / side * side]) / side)
          << "seed " << seed << ", place " << place;
  }
}

TEST(Nearness, OfEqualsIsTheOrderOfTheFile) {
  Cabling star;
  star.nodes.push_back({"switch", false});
  for (int n = 1; n <= 6; ++n) {
    star.nodes.push_back({"npu", true});
    star.links.push_back({0, n, 50 * GB / s, 1 * us});
    star.links.push_back({n, 0, 50 * GB / s, 1 * us});
  }
  EXPECT_EQ(by_nearness(star), (std::vector{0, 1, 2, 3, 4, 5}));
}

}  // namespace
}  // namespace superpod::topology
