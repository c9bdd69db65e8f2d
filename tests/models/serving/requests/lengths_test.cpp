// Lengths are within their bounds and have the mean that is said of them.

#include "models/serving/requests/lengths.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "models/random/random.hpp"

namespace superpod::models {
namespace {

constexpr int many = 200'000;

struct Seen {
  double mean = 0, deviation = 0;
  int least = 0, most = 0;
};

Seen seen(const Lengths& lengths) {
  Random random{11};
  std::vector<double> all(many);
  std::ranges::generate(all, [&] { return draw(lengths, random); });
  double sum = 0, squares = 0;
  for (const double x : all) sum += x, squares += x * x;
  const auto [least, most] = std::ranges::minmax(all);
  return {sum / many, std::sqrt(squares / many - sum / many * (sum / many)), static_cast<int>(least),
          static_cast<int>(most)};
}

double five_errors(const Seen& seen) { return 5 * seen.deviation / std::sqrt(many); }

TEST(Lengths, FixedOnesAreAllAlikeAndDrawNothing) {
  Random random{1}, untouched{1};
  EXPECT_EQ(draw(FixedLength{77}, random), 77);
  EXPECT_EQ(random.bits(), untouched.bits());
  EXPECT_EQ(mean(FixedLength{77}), 77);
  EXPECT_EQ(most(FixedLength{77}), 77);
}

TEST(Lengths, UniformOnesReachBothEndsEquallyOften) {
  const UniformLength lengths{3, 6};
  Random random{2};
  std::vector<int> counts(7);
  for (int i = 0; i < many; ++i) ++counts.at(static_cast<std::size_t>(draw(lengths, random)));
  for (int tokens = 0; tokens <= 6; ++tokens)
    EXPECT_NEAR(counts[static_cast<std::size_t>(tokens)], tokens < 3 ? 0 : many / 4,
                tokens < 3 ? 0 : 5 * std::sqrt(many * 0.25 * 0.75));
  EXPECT_EQ(mean(lengths), 4.5);
  EXPECT_EQ(most(lengths), 6);
}

TEST(Lengths, UniformOnesMayBeOneLengthOrAll) {
  Random random{3};
  EXPECT_EQ(draw(UniformLength{5, 5}, random), 5);
  const Seen all = seen(UniformLength{1, most_request_tokens});
  EXPECT_NEAR(all.mean, mean(UniformLength{1, most_request_tokens}), five_errors(all));
  EXPECT_GE(all.least, 1);
  EXPECT_LE(all.most, most_request_tokens);
}

/// Narrow and wide; the third is cut at little more than its mean, the fourth rounds away half of what it is,
/// the last goes beyond what is summed token by token.
TEST(Lengths, LognormalOnesHaveTheMeanThatIsSaid) {
  for (const auto& lengths :
       {LognormalLength{2048, 0.5, 131'072}, LognormalLength{300, 2, 1 << 20}, LognormalLength{1000, 1, 1100},
        LognormalLength{1.5, 1, 40}, LognormalLength{30'000, 0.3, 60'000}}) {
    const Seen all = seen(lengths);
    EXPECT_NEAR(all.mean, mean(lengths), five_errors(all)) << lengths.mean;
    EXPECT_GE(all.least, 1);
    EXPECT_LE(all.most, lengths.most);
  }
  EXPECT_NEAR(mean(LognormalLength{2048, 0.5, 131'072}), 2048, 1);  // hardly any is cut
  // s^2 = ln 2, z = (ln 1100 - mu) / s = 0.5308: 1000 Phi(z - s) + 1100 Phi(-z) = 381.4 + 327.6, by hand.
  EXPECT_NEAR(mean(LognormalLength{1000, 1, 1100}), 709.0, 0.1);
}

TEST(Lengths, LognormalOnesHaveTheirCoefficientOfVariation) {
  const Seen all = seen(LognormalLength{2048, 0.5, 131'072});
  EXPECT_NEAR(all.deviation / all.mean, 0.5, 0.01);  // ten standard errors
  const Seen none = seen(LognormalLength{100.4, 0, 1000});
  EXPECT_EQ(none.least, 100);
  EXPECT_EQ(none.most, 100);
  EXPECT_EQ(mean(LognormalLength{100.4, 0, 1000}), 100);
}

}  // namespace
}  // namespace superpod::models
