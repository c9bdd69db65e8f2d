#include "models/random/jitter.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <vector>

namespace superpod::models {
namespace {

using enum Jitter::Distribution;
constexpr Jitter::Distribution all[]{normal, lognormal, uniform, exponential};

/// Mean of f(u) over u uniform in (0, 1), by midpoints.
double mean_of(const std::function<double(double)>& f) {
  constexpr int points = 200'000;
  double sum = 0;
  for (int i = 0; i < points; ++i) sum += f((i + 0.5) / points);
  return sum / points;
}

double mean_of_slowest(const Jitter& jitter, double npus) {
  return mean_of([&](double u) { return slowest(jitter, npus, u); });
}

TEST(Jitter, FactorsHaveTheMeanAndTheSpreadThatTheySay) {
  constexpr double by_midpoints = 1e-3;  // of the spread: the far tail of the exponential
  for (const auto distribution : all)
    for (const double spread : {0.0, 0.01, 0.2}) {
      const Jitter jitter{distribution, spread, 2};
      const double mean = mean_of([&](double u) { return factor(jitter, u); });
      const double square = mean_of([&](double u) { return std::pow(factor(jitter, u) - 1, 2); });
      EXPECT_NEAR(mean, 1, by_midpoints * spread);
      EXPECT_NEAR(std::sqrt(square), spread, by_midpoints * spread);
    }
}

TEST(Jitter, TheSlowestOfOneIsAny) {
  for (const auto distribution : all)
    for (const double u : {1e-6, 0.3, 0.5, 0.999})
      EXPECT_NEAR(slowest({distribution, 0.05, 2}, 1, u), factor({distribution, 0.05, 2}, 1 - u), 1e-9);
}

TEST(Jitter, TheSlowestOfManyIsTheKnownOrderStatistic) {
  // David & Nagaraja, "Order Statistics", 2003, chapter 3. Exponential: mean of the largest H_n. Uniform in
  // (0, 1): n / (n + 1). Normal: 1 / sqrt(pi) of 2, 1.5 / sqrt(pi) of 3.
  constexpr double spread = 0.05, by_midpoints = 2e-4 * spread;
  double harmonic = 0;
  for (int n = 1; n <= 64; ++n) {
    harmonic += 1.0 / n;
    EXPECT_NEAR(mean_of_slowest({exponential, spread, 2}, n), 1 + spread * (harmonic - 1), by_midpoints);
    EXPECT_NEAR(mean_of_slowest({uniform, spread, 2}, n), 1 + std::sqrt(3) * spread * (n - 1) / (n + 1),
                by_midpoints);
  }
  EXPECT_NEAR(mean_of_slowest({normal, spread, 2}, 2), 1 + spread / std::sqrt(M_PI), by_midpoints);
  EXPECT_NEAR(mean_of_slowest({normal, spread, 2}, 3), 1 + 1.5 * spread / std::sqrt(M_PI), by_midpoints);
}

TEST(Jitter, MoreNpusAreNeverFaster) {
  for (const auto distribution : all)
    for (const double u : {0.01, 0.5, 0.99}) {
      double before = 0;
      for (double npus = 1; npus < 2e6; npus *= 3) {
        const double now = slowest({distribution, 0.05, 2}, npus, u);
        EXPECT_GE(now, before);
        before = now;
      }
    }
}

}  // namespace
}  // namespace superpod::models
