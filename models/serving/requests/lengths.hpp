/// How many tokens a prompt or an answer has.
#pragma once

#include <string_view>
#include <tuple>
#include <variant>

#include "sim/values/describe.hpp"

namespace superpod::models {

class Random;

/// Of a prompt or an answer. More than any model's context; sums of two are ints.
inline constexpr int most_request_tokens = 1 << 24;

struct FixedLength {
  int tokens = 1;

  static constexpr std::string_view kind = "fixed";
  static constexpr auto fields() {
    return std::tuple{
        required("tokens", &FixedLength::tokens, "of each request", between(1, most_request_tokens))};
  }
};

/// Each whole number between the two, ends included, is as likely as the others.
struct UniformLength {
  int low = 1, high = 1;

  static constexpr std::string_view kind = "uniform";
  static constexpr auto fields() {
    return std::tuple{
        required("low", &UniformLength::low, "tokens of the shortest", between(1, most_request_tokens)),
        required("high", &UniformLength::high, "tokens of the longest", between(1, most_request_tokens))};
  }
};

/// Most are short and few are long:
///
///     x = exp(mu + s z)   z standard normal, s^2 = ln(1 + cv^2), mu = ln(mean) - s^2 / 2
///
/// rounded to a whole number, and then 1 at least and `most` at most: `mean` is that of x, mean(Lengths) what
/// requests have after all.
struct LognormalLength {
  double mean = 1;
  double cv = 1;
  int most = 1;

  static constexpr std::string_view kind = "lognormal";
  static constexpr auto fields() {
    return std::tuple{
        required("mean", &LognormalLength::mean, "tokens, before what is longer than `most` is cut off",
                 between(1, most_request_tokens)),
        required("cv", &LognormalLength::cv,
                 "coefficient of variation: the standard deviation over the mean; 0: all are alike",
                 between(0, 10)),
        required("most", &LognormalLength::most, "tokens of the longest: what is longer is cut off here",
                 between(1, most_request_tokens))};
  }
};

using Lengths = std::variant<FixedLength, UniformLength, LognormalLength>;

/// One after the other. A fixed length draws no number, a lognormal one exactly one.
int draw(const Lengths& lengths, Random& random);

/// Of what `draw` gives. Cost: some 0.3 ms for a lognormal length.
double mean(const Lengths& lengths);

/// None is longer.
int most(const Lengths& lengths);

}  // namespace superpod::models
