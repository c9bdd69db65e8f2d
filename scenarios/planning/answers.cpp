#include "scenarios/planning/answers.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>

namespace superpod::scenarios {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

template <class Q>
double in_base_units(const models::Total<Q>& total) {
  if (!total.complete()) return unknown;
  if constexpr (std::is_same_v<Q, double>)
    return total.known;
  else
    return total.known.in(Q{1});
}

void add_costs(const Question& question, const Cluster& cluster, Answer& answer) {
  answer.purchase = answer.running = answer.cost = unknown;
  if (!question.prices) return;
  const models::Costs costs =
      models::costs(cluster.bill, cluster.power, *question.prices, Seconds{answer.time_to_train});
  answer.purchase = in_base_units(costs.purchase);
  answer.running = in_base_units(costs.running);
  answer.cost = in_base_units(costs.cost);
}

void add_limits(const Question& question, const Cluster& cluster, Answer& answer) {
  const Limits& limits = question.limits;
  const auto add = [&](const char* name, std::optional<double> limit, double used, const char* unit) {
    if (limit && !std::isnan(used)) answer.limits.push_back({name, *limit, used, unit});
  };
  const auto base = [](const auto& quantity) -> std::optional<double> {
    if (!quantity) return std::nullopt;
    return quantity->in(std::remove_cvref_t<decltype(*quantity)>{1});
  };
  add("deadline", base(limits.deadline), answer.time_to_train, "s");
  add("npus", limits.npus, cluster.npus, "");
  add("cabinets", limits.cabinets, in_base_units(cluster.bill.cabinets), "");
  add("power", base(limits.power), in_base_units(cluster.power.total), "W");
  add("floor", base(limits.floor), in_base_units(cluster.bill.floor), "m2");
  add("cost", base(limits.cost), answer.cost, question.prices ? question.prices->currency.c_str() : "");
  add("delivery", base(limits.delivery), cluster.delivery ? cluster.delivery->expected.in(unit::s) : unknown,
      "s");
  answer.meets = std::ranges::all_of(answer.limits, [](const LimitUse& use) { return use.share() <= 1; });
}

/// What is to be least; what is not known comes last.
double measure(const Question& question, const std::vector<Cluster>& clusters, const Answer& answer) {
  const Cluster& cluster = clusters[answer.cluster];
  double value = unknown;
  switch (question.preference()) {
    case Preference::cost:
      value = answer.cost;
      break;
    case Preference::energy:
      value = answer.energy;
      break;
    case Preference::npus:
      value = cluster.npus;
      break;
    case Preference::time:
      value = answer.time_to_train;
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
    points.push_back({answer.time_to_train, clusters[answer.cluster].npus,
                      in_base_units(clusters[answer.cluster].power.total), answer.cost});
  for (std::size_t a = 0; a < answers.size(); ++a)
    answers[a].pareto =
        std::ranges::none_of(points, [&](const auto& other) { return dominates(other, points[a]); });
}

}  // namespace

double number(const models::Total<Watts>& power) { return in_base_units(power); }
double number(const models::Total<double>& count) { return in_base_units(count); }
double number(const models::Total<SquareMetres>& area) { return in_base_units(area); }

const LimitUse* Answer::binding() const {
  const auto at = std::ranges::max_element(limits, {}, &LimitUse::share);
  return at == limits.end() ? nullptr : &*at;
}

Answer answer_of(const Question& question, const Cluster& cluster, const FoundStep& step) {
  Answer answer;
  answer.step = step;
  const double modules = cluster.bill.optical_modules.known;
  answer.goodput = models::goodput(question.reliability, {cluster.npus, Bytes{step.state}, modules});
  const double tokens = static_cast<double>(step.choice.batch) * cluster.workload.sequence_length;
  answer.time_to_train =
      models::time_to_train(question.tokens / tokens, Seconds{step.step}, answer.goodput.share()).in(unit::s);
  answer.energy = in_base_units(models::energy(cluster.power.total, Seconds{answer.time_to_train}));
  add_costs(question, cluster, answer);
  add_limits(question, cluster, answer);
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
