#include "models/uncertainty/uncertainty.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <thread>

#include "models/random/draws.hpp"
#include "models/random/random.hpp"

namespace superpod::models {
namespace {

constexpr double tail = 0.05;  // on each side of 90 %

/// The same number for the same path, everywhere.
/// Source: Fowler, Noll, Vo, "The FNV Non-Cryptographic Hash Algorithm" (FNV-1a, 32 bit).
std::uint32_t number_of(std::string_view path) {
  std::uint32_t hash = 2166136261U;
  for (const char c : path) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash;
}

/// [sample] u of one input: a random place in each stratum, strata in random order.
std::vector<double> strata(const std::string& path, int samples, std::int64_t seed) {
  constexpr std::uint32_t latin = 0x6c687331U;  // tells these numbers from those of faults
  const std::uint32_t name = number_of(path);
  Draws order{Random{seed, std::vector{latin, name}}, samples};
  const std::uint64_t places = stream(static_cast<std::uint64_t>(seed), (std::uint64_t{latin} << 32U) | name);
  std::vector<double> u;
  for (int s = 0; s < samples; ++s)
    u.push_back((static_cast<double>(*order.next()) + random_number(places, static_cast<std::uint64_t>(s))) /
                samples);
  return u;
}

/// All as given, then each input at its low and at its high.
std::vector<Factors> ends(const std::vector<UncertainInput>& inputs) {
  std::vector<Factors> all{Factors(inputs.size(), 1)};
  for (std::size_t i = 0; i < inputs.size(); ++i)
    for (const double end : {inputs[i].low, std::min(inputs[i].high, inputs[i].most)}) {
      all.push_back(all.front());
      all.back()[i] = end;
    }
  return all;
}

/// Exponent of the power law through 1 and the figure at an end; 0 where the input has no such end.
double exponent(double figure, double base, double end) {
  return end == 1 ? 0 : std::log(figure / base) / std::log(end);
}

}  // namespace

double width(const Uncertainty& uncertainty, const std::string& path, Grade grade) {
  if (const auto own = uncertainty.inputs.find(path); own != uncertainty.inputs.end()) return own->second;
  switch (grade) {
    case Grade::measured:
      return uncertainty.measured;
    case Grade::published:
      return uncertainty.published;
    case Grade::derived:
      return uncertainty.derived;
    case Grade::assumed:
      return uncertainty.assumed;
  }
  throw std::logic_error{"uncertainty: a grade without width"};
}

double factor(const UncertainInput& input, double u) {
  double f = input.low + u * (input.high - input.low);
  if (input.distribution == Distribution::lognormal) {
    static const double at_end = normal_quantile(tail);
    const double z = -normal_quantile(u) / at_end;
    f = std::exp(z >= 0 ? std::log(input.high) * z : -std::log(input.low) * z);
  }
  return std::min(f, input.most);
}

std::vector<Factors> latin_hypercube(const std::vector<UncertainInput>& inputs, int samples,
                                     std::int64_t seed) {
  std::vector<Factors> all(static_cast<std::size_t>(samples));
  for (const UncertainInput& input : inputs) {
    const std::vector<double> u = strata(input.path, samples, seed);
    for (std::size_t s = 0; s < all.size(); ++s) all[s].push_back(factor(input, u[s]));
  }
  return all;
}

std::vector<std::vector<double>> evaluate(const Evaluation& evaluation, const std::vector<Factors>& samples,
                                          int threads) {
  std::vector<std::vector<double>> figures(samples.size());
  std::atomic<std::size_t> next{0};
  std::vector<std::exception_ptr> failed(static_cast<std::size_t>(std::max(1, threads)));
  const auto work = [&](std::size_t thread) {
    try {
      for (std::size_t s = next++; s < samples.size(); s = next++) figures[s] = evaluation(samples[s]);
    } catch (...) {
      failed[thread] = std::current_exception();
    }
  };
  std::vector<std::thread> others;
  for (std::size_t t = 1; t < failed.size(); ++t) others.emplace_back(work, t);
  work(0);
  for (std::thread& other : others) other.join();
  for (const std::exception_ptr& why : failed)
    if (why) std::rethrow_exception(why);
  return figures;
}

OneAtATime one_at_a_time(const std::vector<UncertainInput>& inputs, const Evaluation& evaluation,
                         int threads) {
  const auto figures = evaluate(evaluation, ends(inputs), threads);
  OneAtATime found{figures.front(), {}, {}};
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    found.low.push_back(figures[1 + 2 * i]);
    found.high.push_back(figures[2 + 2 * i]);
  }
  return found;
}

std::vector<Bar> tornado(const OneAtATime& runs, std::size_t figure) {
  std::vector<Bar> bars;
  for (std::size_t i = 0; i < runs.low.size(); ++i) {
    const double low = runs.low[i][figure], high = runs.high[i][figure];
    const auto [least, most] = std::minmax({low, high, runs.base[figure]});
    if (most > least) bars.push_back({i, low, high, most - least});
  }
  std::ranges::stable_sort(bars, std::ranges::greater{}, &Bar::swing);
  return bars;
}

std::vector<double> surrogate(const std::vector<UncertainInput>& inputs, const OneAtATime& runs,
                              const Factors& factors) {
  std::vector<double> figures = runs.base;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const bool above = factors[i] > 1;
    const double end = above ? std::min(inputs[i].high, inputs[i].most) : inputs[i].low;
    const std::vector<double>& run = above ? runs.high[i] : runs.low[i];
    for (std::size_t f = 0; f < figures.size(); ++f)
      figures[f] *= std::pow(factors[i], exponent(run[f], runs.base[f], end));
  }
  return figures;
}

Study study(const std::vector<UncertainInput>& inputs, const Evaluation& costly, const Completion& completion,
            const Uncertainty& uncertainty, std::int64_t seed) {
  const OneAtATime runs = one_at_a_time(inputs, costly);
  const std::vector<Factors> at = ends(inputs);
  Study found;
  found.runs.base = completion(at[0], runs.base);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    found.runs.low.push_back(completion(at[1 + 2 * i], runs.low[i]));
    found.runs.high.push_back(completion(at[2 + 2 * i], runs.high[i]));
  }
  const std::vector<Factors> samples = latin_hypercube(inputs, uncertainty.samples, seed);
  for (const Factors& factors : samples)
    found.samples.push_back(completion(factors, surrogate(inputs, runs, factors)));

  const auto checks = static_cast<std::size_t>(std::min(uncertainty.checks, uncertainty.samples));
  for (std::size_t c = 0; c < checks; ++c) {
    const std::size_t s = c * samples.size() / checks;
    const auto full = completion(samples[s], costly(samples[s]));
    for (std::size_t f = 0; f < full.size(); ++f) {
      const double off = std::abs(found.samples[s][f] / full[f] - 1);
      found.error.largest = std::max(found.error.largest, off);
      found.error.mean += off / static_cast<double>(checks * full.size());
    }
  }
  found.error.samples = static_cast<int>(checks);
  return found;
}

double quantile(std::vector<double> values, double share) {
  std::ranges::sort(values);
  const double at = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (at - static_cast<double>(below)) * (values[above] - values[below]);
}

std::pair<double, double> interval(const std::vector<std::vector<double>>& samples, std::size_t figure,
                                   double base) {
  std::vector<double> values;
  for (const auto& sample : samples) values.push_back(sample[figure]);
  return {std::min(base, quantile(values, tail)), std::max(base, quantile(values, 1 - tail))};
}

}  // namespace superpod::models
