#include "scenarios/planning/answers.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

namespace superpod::scenarios {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// NaN where a part is not known.
template <class Q>
Q whole(const models::Total<Q>& total) {
  return total.complete() ? total.known : Q{unknown};
}

/// Its cost as far as it is known; none without prices.
std::optional<models::Costs> costs_of(const Question& question, const Cluster& cluster, Seconds time) {
  const auto& prices = question.prices_of(question.candidates[cluster.candidate]);
  if (!prices) return std::nullopt;
  return models::costs(cluster.bill, cluster.power, *prices, time);
}

void add_costs(const std::optional<models::Costs>& costs, Answer& answer) {
  answer.purchase = costs ? whole(costs->purchase) : Money{unknown};
  answer.running = costs ? whole(costs->running) : Money{unknown};
  answer.cost = costs ? whole(costs->cost) : Money{unknown};
}

/// Adds what of the question's limits an answer uses.
class LimitUses {
 public:
  explicit LimitUses(Answer& answer) : answer_{answer} {}

  void add(const char* name, std::optional<double> limit, double used, const std::string& unit) {
    if (limit) answer_.limits.push_back({name, *limit, used, false, unit});
  }
  /// Of something that may be known in part.
  template <class Q>
  void add(const char* name, std::optional<double> limit, const models::Total<Q>& used,
           const std::string& unit) {
    double known = 0;
    if constexpr (std::is_same_v<Q, double>)
      known = used.known;
    else
      known = used.known.in(Q{1});
    if (limit) answer_.limits.push_back({name, *limit, known, !used.complete(), unit});
  }
  void add_unknown(const char* name, bool is_set) {
    if (is_set) answer_.not_known.emplace_back(name);
  }

 private:
  Answer& answer_;
};

void add_limits(const Question& question, const Cluster& cluster, const std::optional<models::Costs>& costs,
                Answer& answer) {
  const Limits& limits = question.limits;
  const auto base = [](const auto& quantity) -> std::optional<double> {
    if (!quantity) return std::nullopt;
    return quantity->in(std::remove_cvref_t<decltype(*quantity)>{1});
  };
  LimitUses uses{answer};
  uses.add("deadline", base(limits.deadline), answer.time_to_train.in(unit::s), "s");
  uses.add("npus", limits.npus, cluster.npus, "");
  uses.add("cabinets", limits.cabinets, cluster.bill.cabinets, "");
  uses.add("power", base(limits.power), cluster.power.total, "W");
  uses.add("floor", base(limits.floor), cluster.bill.floor, "m2");
  if (costs)
    uses.add("cost", base(limits.cost), costs->cost, question.currency());
  else
    uses.add_unknown("cost", limits.cost.has_value());
  if (cluster.delivery)
    uses.add("delivery", base(limits.delivery), cluster.delivery->expected.in(unit::s), "s");
  else
    uses.add_unknown("delivery", limits.delivery.has_value());
  answer.meets = std::ranges::all_of(answer.limits, [](const LimitUse& use) { return use.share() <= 1; });
}

/// What is to be least; what is not known comes last.
double measure(const Question& question, const std::vector<Cluster>& clusters, const Answer& answer) {
  const Cluster& cluster = clusters[answer.cluster];
  double value = unknown;
  switch (question.preference()) {
    case Preference::cost:
      value = answer.cost.in(unit::money);
      break;
    case Preference::energy:
      value = answer.energy.in(unit::J);
      break;
    case Preference::npus:
      value = cluster.npus;
      break;
    case Preference::time:
      value = answer.time_to_train.in(unit::s);
      break;
  }
  return std::isnan(value) ? std::numeric_limits<double>::infinity() : value;
}

double worst_share(const Answer& answer) {
  const LimitUse* binding = answer.binding();
  return binding ? binding->share() : 0;
}

/// Nothing better in all of time, NPUs, power and cost; what one of two does not know is not compared.
bool dominates(const std::array<double, 4>& a, const std::array<double, 4>& b) {
  bool better = false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::isnan(a[i]) || std::isnan(b[i])) continue;
    if (a[i] > b[i]) return false;
    better = better || a[i] < b[i];
  }
  return better;
}

void mark_front(const std::vector<Cluster>& clusters, std::vector<Answer>& answers) {
  std::vector<std::array<double, 4>> points;
  for (const Answer& answer : answers)
    points.push_back({answer.time_to_train.in(unit::s), clusters[answer.cluster].npus,
                      number(clusters[answer.cluster].power.total), answer.cost.in(unit::money)});
  for (std::size_t a = 0; a < answers.size(); ++a)
    answers[a].pareto =
        std::ranges::none_of(points, [&](const auto& other) { return dominates(other, points[a]); });
}

}  // namespace

double number(const models::Total<Watts>& power) { return whole(power).in(unit::W); }
double number(const models::Total<double>& count) { return whole(count); }
double number(const models::Total<SquareMetres>& area) { return whole(area).in(unit::m2); }

const LimitUse* Answer::binding() const {
  const auto at = std::ranges::max_element(limits, {}, &LimitUse::share);
  return at == limits.end() ? nullptr : &*at;
}

Answer answer_of(const Question& question, const Cluster& cluster, const FoundStep& step) {
  Answer answer;
  answer.step = step;
  const double modules = cluster.bill.optical_modules.known;
  answer.goodput = models::goodput(question.reliability, {cluster.npus, step.seen.state, modules});
  const double tokens = static_cast<double>(step.choice().batch) * cluster.workload.sequence_length;
  answer.time_to_train = models::time_to_train(question.tokens / tokens, step.step(), answer.goodput.share());
  answer.energy = whole(models::energy(cluster.power.total, answer.time_to_train));
  const auto costs = costs_of(question, cluster, answer.time_to_train);
  add_costs(costs, answer);
  add_limits(question, cluster, costs, answer);
  return answer;
}

std::vector<Answer> answers_of(const Question& question, const std::vector<Cluster>& clusters,
                               const std::vector<ClusterSearch>& searches) {
  std::vector<Answer> answers;
  for (std::size_t c = 0; c < clusters.size(); ++c)
    for (const FoundStep& step : searches[c].steps) {
      answers.push_back(answer_of(question, clusters[c], step));
      answers.back().cluster = c;
    }
  std::ranges::stable_sort(answers, [&](const Answer& a, const Answer& b) {
    if (a.meets != b.meets) return a.meets;
    if (!a.meets) return worst_share(a) < worst_share(b);
    const double of_a = measure(question, clusters, a);
    const double of_b = measure(question, clusters, b);
    return of_a != of_b ? of_a < of_b : a.time_to_train < b.time_to_train;
  });
  std::set<std::size_t> seen;
  for (Answer& answer : answers)
    answer.best_of_system = seen.insert(clusters[answer.cluster].candidate).second;
  mark_front(clusters, answers);
  return answers;
}

}  // namespace superpod::scenarios
