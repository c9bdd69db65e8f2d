#include "models/transformer/routing.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>

namespace superpod::models {
namespace {

using Polynomial = std::vector<double>;    // [power of x], up to top_k
using OfGroups = std::vector<Polynomial>;  // [power of t], up to groups_per_token
using Popularity = std::span<const double>;

std::size_t size(int i) { return static_cast<std::size_t>(i); }

Polynomial one(const Moe& moe) {
  Polynomial result(size(moe.top_k) + 1);
  result[0] = 1;
  return result;
}

void multiply_by_expert(Polynomial& polynomial, double popularity) {
  for (std::size_t i = polynomial.size(); --i > 0;) polynomial[i] += popularity * polynomial[i - 1];
}

void add_product(Polynomial& sum, const Polynomial& a, const Polynomial& b) {
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = 0; i + j < sum.size(); ++j) sum[i + j] += a[i] * b[j];
}

double last_of_product(const Polynomial& a, const Polynomial& b, std::size_t power) {
  double sum = 0;
  for (std::size_t i = 0; i <= power; ++i) sum += a[i] * b[power - i];
  return sum;
}

Polynomial of_experts(const Moe& moe, Popularity experts) {
  Polynomial result = one(moe);
  for (const double popularity : experts) multiply_by_expert(result, popularity);
  return result;
}

OfGroups no_group(const Moe& moe) {
  OfGroups result(size(moe.groups_per_token) + 1, Polynomial(size(moe.top_k) + 1));
  result[0] = one(moe);
  return result;
}

void multiply_by_group(OfGroups& groups, const Polynomial& group) {
  for (std::size_t t = groups.size(); --t > 0;) add_product(groups[t], groups[t - 1], group);
}

Popularity group(const Moe& moe, Popularity popularity, int g) {
  const std::size_t experts = popularity.size() / size(moe.groups);
  return popularity.subspan(size(g) * experts, experts);
}

double all_choices(const Moe& moe, Popularity popularity) {
  OfGroups groups = no_group(moe);
  for (int g = 0; g < moe.groups; ++g) multiply_by_group(groups, of_experts(moe, group(moe, popularity, g)));
  return groups.back().back();
}

/// [group] the sums of the choices in the other groups, where this one is chosen too.
std::vector<Polynomial> beside_each_group(const Moe& moe, Popularity popularity) {
  std::vector<OfGroups> before{no_group(moe)};
  for (int g = 0; g + 1 < moe.groups; ++g) {
    before.push_back(before.back());
    multiply_by_group(before.back(), of_experts(moe, group(moe, popularity, g)));
  }
  std::vector<Polynomial> beside(size(moe.groups), Polynomial(size(moe.top_k) + 1));
  OfGroups behind = no_group(moe);
  for (int g = moe.groups; g-- > 0;) {
    for (int others = 0; others < moe.groups_per_token; ++others)
      add_product(beside[size(g)], before[size(g)][size(others)],
                  behind[size(moe.groups_per_token - 1 - others)]);
    multiply_by_group(behind, of_experts(moe, group(moe, popularity, g)));
  }
  return beside;
}

struct Choices {
  double all = 0;                   // Z
  std::vector<double> probability;  // [expert]
};

Choices choices(const Moe& moe, Popularity popularity) {
  Choices result{all_choices(moe, popularity), {}};
  const std::vector<Polynomial> beside = beside_each_group(moe, popularity);
  for (int g = 0; g < moe.groups; ++g) {
    const Popularity experts = group(moe, popularity, g);
    std::vector<Polynomial> behind{beside[size(g)]};  // the experts behind one, last one first
    for (std::size_t e = experts.size(); --e > 0;) {
      behind.push_back(behind.back());
      multiply_by_expert(behind.back(), experts[e]);
    }
    Polynomial before = one(moe);
    for (const double its : experts) {
      const double with = its * last_of_product(before, behind.back(), size(moe.top_k) - 1);
      result.probability.push_back(with / result.all);
      multiply_by_expert(before, its);
      behind.pop_back();
    }
  }
  return result;
}

/// Popularities step by step closer to those whose choices have the `wanted` probabilities. What is climbed
/// is concave: the log-likelihood per token, sum of wanted * log(popularity) - log(Z), whose gradient is
/// wanted - probability.
class Climb {
 public:
  Climb(const Moe& moe, std::vector<double> wanted) : moe_{moe}, wanted_{std::move(wanted)} {
    std::vector<double> odds;
    for (const double p : wanted_) odds.push_back(p / (1 - p));
    here_ = point(std::move(odds));
  }

  [[nodiscard]] double worst() const {
    double worst = 0;
    for (std::size_t e = 0; e < wanted_.size(); ++e)
      if (wanted_[e] > 0)
        worst = std::max(worst, std::abs(here_.choices.probability[e] - wanted_[e]) / wanted_[e]);
    return worst;
  }

  void step() {
    std::vector<double> next = here_.popularity;
    for (std::size_t e = 0; e < next.size(); ++e) {
      const double is = here_.choices.probability[e];
      if (wanted_[e] > 0) next[e] *= std::pow(wanted_[e] * (1 - is) / (is * (1 - wanted_[e])), length_);
    }
    Point there = point(std::move(next));
    constexpr double rounding = 1e-12;  // of a sum of logarithms
    const bool higher = there.height >= here_.height - rounding * std::abs(here_.height);
    if (higher && std::isfinite(there.height))
      here_ = std::move(there);
    else
      length_ /= 2;  // too far, beyond the top
  }

  [[nodiscard]] const std::vector<double>& popularity() const { return here_.popularity; }

 private:
  struct Point {
    std::vector<double> popularity;
    Choices choices;
    double height = 0;
  };
  [[nodiscard]] Point point(std::vector<double> popularity) const {
    const double sum = std::accumulate(popularity.begin(), popularity.end(), 0.0);
    for (double& its : popularity)
      its *= moe_.top_k / sum;  // their scale tells nothing; this one keeps Z small
    Point result{std::move(popularity), {}, 0};
    result.choices = choices(moe_, result.popularity);
    result.height = -std::log(result.choices.all);
    for (std::size_t e = 0; e < wanted_.size(); ++e)
      if (wanted_[e] > 0) result.height += wanted_[e] * std::log(result.popularity[e]);
    return result;
  }

  const Moe& moe_;
  std::vector<double> wanted_;
  Point here_;
  double length_ = 1;
};

}  // namespace

std::vector<double> choice_probabilities(const Moe& moe, Popularity popularity) {
  return choices(moe, popularity).probability;
}

std::vector<double> visit_probabilities(const Moe& moe, Popularity popularity,
                                        std::span<const int> part_of_expert, int parts) {
  const double all = all_choices(moe, popularity);
  std::vector<double> visits;
  for (int part = 0; part < parts; ++part) {
    std::vector<double> others{popularity.begin(), popularity.end()};
    for (std::size_t e = 0; e < others.size(); ++e)
      if (part_of_expert[e] == part) others[e] = 0;
    visits.push_back(1 - all_choices(moe, others) / all);
  }
  return visits;
}

std::vector<double> popularities(const Moe& moe, std::span<const double> load) {
  const double mean_share = static_cast<double>(moe.top_k) / moe.routed_experts;
  std::vector<double> wanted;
  for (std::size_t e = 0; e < load.size(); ++e) {
    wanted.push_back(mean_share * load[e]);
    if (wanted.back() >= 1)
      throw std::invalid_argument{"expert " + std::to_string(e) + " cannot get " + std::to_string(load[e]) +
                                  " times the mean: each token goes to it once at most, so it is less than " +
                                  std::to_string(moe.routed_experts / static_cast<double>(moe.top_k))};
  }
  Climb climb{moe, std::move(wanted)};
  constexpr double close_enough = 1e-11;
  constexpr int most_steps = 3000;  // a second; loads that exist need some dozens
  for (int step = 0; step < most_steps; ++step) {
    if (climb.worst() < close_enough) return climb.popularity();
    climb.step();
  }
  throw std::invalid_argument{"no choice of " + std::to_string(moe.top_k) + " experts in " +
                              std::to_string(moe.groups_per_token) + " of " + std::to_string(moe.groups) +
                              " groups gives the experts these loads"};
}

}  // namespace superpod::models
