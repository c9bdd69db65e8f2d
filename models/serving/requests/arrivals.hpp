/// The dates at which requests come, one after the other, where they do not depend on what became of those
/// before. Nothing is kept of dates that are past.
#pragma once

#include <cstddef>
#include <limits>
#include <variant>
#include <vector>

#include "models/random/random.hpp"
#include "models/serving/requests/load.hpp"
#include "sim/values/units.hpp"

namespace superpod::models {

/// The date of what does not come. (An optional date would cost as much as drawing it.)
inline constexpr Seconds never{std::numeric_limits<double>::infinity()};

/// Gaps e / rate, with e standard exponential. Twice the rate is exactly half of each date.
class PoissonDates {
 public:
  explicit PoissonDates(const PoissonLoad& load) : mean_gap_{1 / load.rate.in(unit::Hz)} {}
  Seconds next(Random& random);

 private:
  Seconds mean_gap_, now_;
};

/// Gaps g / (shape * rate), with g gamma distributed of shape 1 / cv^2 and scale 1: exactly, by rejection.
/// Valid: a cv below a millionth counts as 0.
/// Source: Marsaglia & Tsang, "A simple method for generating gamma variables", ACM TOMS 26(3), 2000; shapes
///         below 1 by its section 6.
class GammaDates {
 public:
  explicit GammaDates(const GammaLoad& load);
  Seconds next(Random& random);

 private:
  double shape_;  // 0: all gaps are alike
  Seconds mean_gap_, now_;
};

/// The dates of a Poisson process of rate 1 on the axis of the requests that are expected until then, taken
/// back to time: in a piece whose rate goes from r by the slope s, e further requests are expected after
///
///     2 e / (r + sqrt(r^2 + 2 s e))
///
/// Whole periods of a load that repeats are passed over at once.
/// Source: Cinlar, "Introduction to Stochastic Processes", 1975, section 4.7.
/// Cost: a date passes each piece once at most.
class RampDates {
 public:
  /// The load has no flaws.
  explicit RampDates(const RampLoad& load);
  Seconds next(Random& random);

 private:
  struct Piece {
    Seconds begin, length;  // the last of a load that does not repeat has no end
    Hertz from, to;
    [[nodiscard]] double expected_after(Seconds passed) const;
    [[nodiscard]] Seconds until(double expected, Seconds passed) const;
    [[nodiscard]] Hertz rate(Seconds passed) const;
  };

  std::vector<Piece> pieces_;
  Seconds period_;  // 0: it does not repeat
  double expected_in_period_;
  double periods_ = 0;    // that are over
  std::size_t at_ = 0;    // the piece
  Seconds passed_, now_;  // of it, and since the start
};

/// Any of them.
class Arrivals {
 public:
  Arrivals(const PoissonLoad& load, Random random) : dates_{PoissonDates{load}}, random_{random} {}
  Arrivals(const GammaLoad& load, Random random) : dates_{GammaDates{load}}, random_{random} {}
  Arrivals(const RampLoad& load, Random random) : dates_{RampDates{load}}, random_{random} {}

  /// Not before the last one; `never` where no more come.
  Seconds next() {
    return std::visit([&](auto& dates) { return dates.next(random_); }, dates_);
  }

 private:
  std::variant<PoissonDates, GammaDates, RampDates> dates_;
  Random random_;
};

}  // namespace superpod::models
