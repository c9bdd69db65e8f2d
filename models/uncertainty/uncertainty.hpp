/// How sure an answer is, from how sure its inputs are.
///
/// Each input is known to a factor f: its true value is f times the one given, and f lies between `low` and
/// `high` with 90 %. What answers come of it is asked through an Evaluation, which does not matter here: a
/// simulation, an estimate, a closed form.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "sim/values/describe.hpp"
#include "sim/values/sourced.hpp"

namespace superpod::models {

/// What a scenario says about how sure its figures are. A width w stands for the factors 1 / (1 + w) to 1 +
/// w.
///
/// The defaults are 90 % of a lognormal distribution, 1 + w = exp(1.645 s), where s is the root mean square
/// of ln(other / value) over what two sources say of one quantity (uncertainty.md has the counts):
///
///     measured   s = 0.065   the same measured again, by others or later: links of a CloudMatrix384
///                            (0.064, 2 pairs), DeepGEMM on H800 a month later (0.066, 28 shapes), large FP8
///                            GEMMs on B200 in two frameworks (0.066, 146 shapes)
///     published  s = 0.094   297 figures of chips and systems against the alternatives that 14 of them have;
///                            those without count as 0; one that the maker contradicts is left out
///     derived    as published: 26 figures (0.065) do not say that it is better than what it comes from
///     assumed    s = 0.183   57 figures of third parties; an efficiency borrowed from another chip:
///                            0.16 (matrix units, 11 chips), 0.19 (networks, 7)
struct Uncertainty {
  int samples = 1000, checks = 8;
  double measured = 0.11, published = 0.17, derived = 0.17, assumed = 0.35;
  std::map<std::string, double> inputs;

  static constexpr std::string_view kind = "uncertainty";
  static constexpr auto fields() {
    using U = Uncertainty;
    return std::tuple{
        optional("samples", &U::samples, "of all inputs together", between(20, 1e5)),
        optional("checks", &U::checks, "of these samples that are simulated, to see how good the others are",
                 between(0, 1000)),
        optional("measured", &U::measured,
                 "w: a measured figure is off by a factor of at most 1 + w, up or down, with 90 %",
                 between(0, 10)),
        optional("published", &U::published, "the same of a published figure", between(0, 10)),
        optional("derived", &U::derived, "of a derived one", between(0, 10)),
        optional("assumed", &U::assumed, "of an assumed one", between(0, 10)),
        optional("inputs", &U::inputs, "of single inputs, by path; 0: certain", between(0, 10))};
  }
};

/// The width of the input with this path and grade.
double width(const Uncertainty& uncertainty, const std::string& path, Grade grade);

enum class Distribution {
  lognormal,  ///< two halves with the median 1: ln f is normal above and below, with the standard deviation
              ///< of its side
  uniform,    ///< from `low` to `high`, nothing outside
};

constexpr auto words(Distribution) {
  using std::pair, std::string_view;
  return std::array{pair{string_view{"lognormal"}, Distribution::lognormal},
                    pair{string_view{"uniform"}, Distribution::uniform}};
}

struct UncertainInput {
  std::string path;   ///< `system.networks.UBoE.bandwidth`
  std::string value;  ///< in words, and at both ends
  std::string low_value, high_value;
  Grade grade = Grade::assumed;
  double low = 1, high = 1;  ///< 0 < low <= 1 <= high
  Distribution distribution = Distribution::lognormal;
  double most = std::numeric_limits<double>::infinity();  ///< factor that is the limit: a share is at most 1
};

/// The factor that is not exceeded with probability u in (0, 1). Lognormal:
///     f = exp(ln(high) z / 1.645) for z >= 0, exp(-ln(low) z / 1.645) below,   z the normal quantile of u
double factor(const UncertainInput& input, double u);

using Factors = std::vector<double>;  ///< [input]

/// [sample] Latin hypercube: of each input, one sample in each of equally likely strata, in random order.
/// Numbers depend on the seed, the number of samples and the path of the input alone: not on other inputs,
/// nor on who asks.
/// Source: McKay, Beckman & Conover, "A comparison of three methods for selecting values of input variables
///         in the analysis of output from a computer code", Technometrics 21(2), 1979.
std::vector<Factors> latin_hypercube(const std::vector<UncertainInput>& inputs, int samples,
                                     std::int64_t seed);

/// The figures of the answer, each above 0, with the inputs times these factors. Called by `threads` at a
/// time.
using Evaluation = std::function<std::vector<double>(const Factors&)>;

/// [sample][figure], whatever the number of threads is.
std::vector<std::vector<double>> evaluate(const Evaluation& evaluation, const std::vector<Factors>& samples,
                                          int threads = 1);

/// What each input does by itself, all others as given.
struct OneAtATime {
  std::vector<double> base;                    ///< [figure]
  std::vector<std::vector<double>> low, high;  ///< [input][figure] at its low, at its high
};

OneAtATime one_at_a_time(const std::vector<UncertainInput>& inputs, const Evaluation& evaluation,
                         int threads = 1);

/// One line of a tornado.
struct Bar {
  std::size_t input = 0;
  double low = 0, high = 0;  ///< the figure at the input's low, and at its high
  double swing = 0;          ///< most less least of low, high and base
};

/// Widest first; inputs that change nothing are left out.
std::vector<Bar> tornado(const OneAtATime& runs, std::size_t figure);

/// First-order answer in log space, through the runs: each input has its own power law below and above its
/// value,
///
///     y = y0 * product over inputs of f^k,    k = ln(y(high) / y0) / ln(high) above 1, with low below
///
/// Exact for power laws, and at the runs; what two inputs do together beyond that it does not know.
std::vector<double> surrogate(const std::vector<UncertainInput>& inputs, const OneAtATime& runs,
                              const Factors& factors);

/// What is cheap to add to the answer of a costly evaluation: figures from the factors and its figures.
using Completion = std::function<std::vector<double>(const Factors&, const std::vector<double>& costly)>;

/// How far the first-order answer is from the full one, |first order / full - 1|, over the samples that were
/// evaluated in full and all of their figures.
struct SurrogateError {
  int samples = 0;
  double mean = 0, largest = 0;
};

/// How sure an answer is.
struct Study {
  OneAtATime runs;                           ///< with the completion
  std::vector<std::vector<double>> samples;  ///< [sample][figure]
  SurrogateError error;
};

/// Runs each input by itself at both ends, then samples of all together: the costly figures by the
/// first-order answer, the completion in full. `uncertainty.checks` of the samples, evenly spaced, are
/// evaluated in full.
/// Cost: 1 + 2 * inputs + checks evaluations, one after the other.
Study study(const std::vector<UncertainInput>& inputs, const Evaluation& costly, const Completion& completion,
            const Uncertainty& uncertainty, std::int64_t seed);

/// The value that a share of the values does not exceed: linear between ranks. Of at least one value, in any
/// order.
double quantile(std::vector<double> values, double share);

/// Between which 90 % of the samples lie; at least `base` is inside.
std::pair<double, double> interval(const std::vector<std::vector<double>>& samples, std::size_t figure,
                                   double base);

}  // namespace superpod::models
