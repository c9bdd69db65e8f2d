#include "scenarios/planning/plan_tables.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "models/training/step.hpp"
#include "scenarios/text/parameters.hpp"

namespace superpod::scenarios {
namespace {

using analysis::Column;
using analysis::Result;
using analysis::Table;

constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

/// Replaces a figure of the key, if there is one.
void set(Result& result, analysis::Figure figure) {
  const auto at = std::ranges::find(result.figures, figure.key, &analysis::Figure::key);
  if (at == result.figures.end())
    result.figures.push_back(std::move(figure));
  else
    *at = std::move(figure);
}

void set(Result& result, Table table) {
  std::erase_if(result.tables, [&](const Table& other) { return other.name == table.name; });
  result.tables.push_back(std::move(table));
}

/// Columns over answers.
class AnswerColumns {
 public:
  AnswerColumns(const Planned& planned, Table& to) : planned_{planned}, to_{to} {}

  void number(const char* name, const std::string& unit, const char* meaning,
              const std::function<double(const Answer&, const Cluster&)>& of) {
    std::vector<double> values;
    for (const Answer& answer : planned_.answers) values.push_back(of(answer, cluster(answer)));
    to_.columns.push_back({name, unit, meaning, std::move(values)});
  }
  void whole(const char* name, const char* meaning,
             const std::function<std::int64_t(const Answer&, const Cluster&)>& of) {
    std::vector<std::int64_t> values;
    for (const Answer& answer : planned_.answers) values.push_back(of(answer, cluster(answer)));
    to_.columns.push_back({name, "", meaning, std::move(values)});
  }
  void words(const char* name, const char* meaning,
             const std::function<std::string(const Answer&, const Cluster&)>& of) {
    std::vector<std::string> values;
    for (const Answer& answer : planned_.answers) values.push_back(of(answer, cluster(answer)));
    to_.columns.push_back({name, "", meaning, std::move(values)});
  }

 private:
  [[nodiscard]] const Cluster& cluster(const Answer& answer) const {
    return planned_.clusters[answer.cluster];
  }
  const Planned& planned_;
  Table& to_;
};

void add_choice(AnswerColumns& to) {
  using models::MappingChoice, models::Parallelism;
  const auto ranks = [&](const char* name, const char* meaning, int Parallelism::*member) {
    to.whole(name, meaning,
             [member](const Answer& a, const Cluster&) { return a.step.choice().parallel.*member; });
  };
  const auto sequences = [&](const char* name, const char* meaning, int MappingChoice::*member) {
    to.whole(name, meaning, [member](const Answer& a, const Cluster&) { return a.step.choice().*member; });
  };
  ranks("tensor", "ranks that share each layer", &Parallelism::tensor);
  ranks("context", "ranks that share the tokens of each sequence", &Parallelism::context);
  ranks("expert", "ranks that share the routed experts", &Parallelism::expert);
  ranks("pipeline", "ranks that share the layers in stages", &Parallelism::pipeline);
  ranks("virtual_stages", "chunks of the model on each rank", &Parallelism::virtual_stages);
  to.whole("data", "copies of the experts, or of the model", [](const Answer& a, const Cluster& c) {
    const Parallelism& of = a.step.choice().parallel;
    const int within = of.expert > 1 ? of.expert : of.tensor * of.context;
    return static_cast<std::int64_t>(c.npus / (static_cast<double>(within) * of.pipeline));
  });
  ranks("zero", "1: optimizer state shared over copies", &Parallelism::zero);
  to.words("schedule", "of the pipeline",
           [](const Answer& a, const Cluster&) { return value_text(a.step.choice().schedule); });
  sequences("microbatch", "sequences that pass together", &MappingChoice::microbatch);
  to.words("recompute", "what is run again in the backward pass",
           [](const Answer& a, const Cluster&) { return value_text(a.step.choice().recompute); });
  to.words("order", "innermost first", [](const Answer& a, const Cluster&) {
    std::string all;
    for (const auto dimension : a.step.choice().parallel.order)
      all += (all.empty() ? "" : ", ") + value_text(dimension);
    return all;
  });
  sequences("batch", "sequences of a step", &MappingChoice::batch);
}

void add_performance(AnswerColumns& to) {
  to.number("bound_s", "s", "the least time that the step can take, by the closed form",
            [](const Answer& a, const Cluster&) { return a.step.bound().in(unit::s); });
  to.number("step_time_s", "s", "simulated",
            [](const Answer& a, const Cluster&) { return a.step.step().in(unit::s); });
  const auto or_unknown = [](Seconds time) { return time > Seconds{} ? time.in(unit::s) : not_known; };
  to.number("step_low_s", "s", "with kernels faster by their expected error; of the best of each system",
            [=](const Answer& a, const Cluster&) { return or_unknown(a.step.low); });
  to.number("step_high_s", "s", "with kernels slower by their expected error; of the best of each system",
            [=](const Answer& a, const Cluster&) { return or_unknown(a.step.high); });
  to.number("time_to_train_s", "s", "steps, and what failures take",
            [](const Answer& a, const Cluster&) { return a.time_to_train.in(unit::s); });
  to.number("time_low_s", "s", "with step_low_s", [=](const Answer& a, const Cluster&) {
    return or_unknown(a.time_to_train * a.step.low / a.step.step());
  });
  to.number("time_high_s", "s", "with step_high_s", [=](const Answer& a, const Cluster&) {
    return or_unknown(a.time_to_train * a.step.high / a.step.step());
  });
  to.number("mfu", "", "model FLOPs over the peak of all NPUs", [](const Answer& a, const Cluster& c) {
    return models::mfu(c.workload.with(a.step.choice()), c.system.chip.value, c.npus, a.step.step());
  });
  to.number("memory_share", "", "of the fullest NPU's memory",
            [](const Answer& a, const Cluster&) { return a.step.memory_share; });
  to.number("goodput", "", "share of the time in which something new is learnt",
            [](const Answer& a, const Cluster&) { return a.goodput.share(); });
}

void add_costs(const Planned& planned, AnswerColumns& to) {
  to.number("power_w", "W", "at the meter, at full load",
            [](const Answer&, const Cluster& c) { return number(c.power.total); });
  to.number("energy_j", "J", "of the whole training",
            [](const Answer& a, const Cluster&) { return a.energy.in(unit::J); });
  to.number("cabinets", "", "of all kinds",
            [](const Answer&, const Cluster& c) { return number(c.bill.cabinets); });
  to.number("floor_m2", "m2", "area", [](const Answer&, const Cluster& c) { return number(c.bill.floor); });
  to.number("optical_modules", "", "at both ends of optical cables",
            [](const Answer&, const Cluster& c) { return number(c.bill.optical_modules); });
  to.number("cables", "", "of all media",
            [](const Answer&, const Cluster& c) { return number(c.bill.cables); });
  to.number("delivery_s", "s", "until the last chip has come", [](const Answer&, const Cluster& c) {
    return c.delivery ? c.delivery->expected.in(unit::s) : not_known;
  });
  if (planned.question.currency().empty()) return;
  const std::string currency = planned.question.currency();
  to.number("purchase_cost", currency, "of all that is bought",
            [](const Answer& a, const Cluster&) { return a.purchase.in(unit::money); });
  to.number("running_cost", currency, "of the training: energy, floor, maintenance",
            [](const Answer& a, const Cluster&) { return a.running.in(unit::money); });
  to.number("cost", currency, "of the training: capital and running cost",
            [](const Answer& a, const Cluster&) { return a.cost.in(unit::money); });
}

Table answers_table(const Planned& planned) {
  Table table{
      "answers", "answer", "mappings that were simulated, best first", {}, analysis::View::candidates};
  AnswerColumns to{planned, table};
  to.words("system", "as its maker writes it", [](const Answer&, const Cluster& c) { return c.system.name; });
  to.words("size", "units of its outermost level", [](const Answer&, const Cluster& c) { return c.size; });
  to.number("npus", "", "NPUs", [](const Answer&, const Cluster& c) { return c.npus; });
  to.words("mapping", "in short",
           [](const Answer& a, const Cluster& c) { return models::words(a.step.choice(), c.npus); });
  add_choice(to);
  add_performance(to);
  add_costs(planned, to);
  to.whole("meets", "1: within all limits", [](const Answer& a, const Cluster&) { return a.meets ? 1 : 0; });
  to.words("binding", "the limit that is used most", [](const Answer& a, const Cluster&) {
    const LimitUse* binding = a.binding();
    return binding ? binding->name : std::string{};
  });
  to.whole("pareto", "1: no other answer is better in time, NPUs, power and cost at once",
           [](const Answer& a, const Cluster&) { return a.pareto ? 1 : 0; });
  to.whole("best_of_system", "1: the best of its system",
           [](const Answer& a, const Cluster&) { return a.best_of_system ? 1 : 0; });
  return table;
}

Table limits_table(const Answer& answer) {
  std::vector<std::string> names, units;
  std::vector<double> limits, used, shares;
  std::vector<std::int64_t> binding, at_least;
  for (const LimitUse& use : answer.limits) {
    names.push_back(use.name);
    units.push_back(use.unit);
    limits.push_back(use.limit);
    used.push_back(use.used);
    shares.push_back(use.share());
    binding.push_back(&use == answer.binding() ? 1 : 0);
    at_least.push_back(use.at_least ? 1 : 0);
  }
  return {"limits",
          "limit",
          "how much of each limit the best answer uses",
          {{"name", "", "as in the plan's `limits`", names},
           {"limit", "", "in the row's unit", limits},
           {"used", "", "in the row's unit", used},
           {"unit", "", "SI symbol or currency; empty: a count", units},
           {"share", "", "used over limit", shares},
           {"at_least", "", "1: a part of what is used is not known", at_least},
           {"binding", "", "1: the one that is used most", binding}},
          analysis::View::limits};
}

Table rejected_table(const Planned& planned) {
  std::vector<std::string> systems, sizes, stages, reasons, examples;
  std::vector<double> npus, counts;
  for (std::size_t c = 0; c < planned.clusters.size(); ++c)
    for (const Reject& reject : planned.searches[c].rejects) {
      systems.push_back(planned.clusters[c].system.name);
      sizes.push_back(planned.clusters[c].size);
      npus.push_back(planned.clusters[c].npus);
      stages.push_back(reject.stage);
      counts.push_back(reject.count);
      reasons.push_back(reject.reason);
      examples.push_back(reject.example);
    }
  return {"rejected",
          "reason",
          "what is out, and why",
          {{"system", "", "as its maker writes it", systems},
           {"size", "", "units of its outermost level", sizes},
           {"npus", "", "NPUs", npus},
           {"stage", "", "what put it out: shape, memory, bound, effort, or a limit", stages},
           {"count", "", "mappings; of a limit: the system itself", counts},
           {"reason", "", "in a sentence", reasons},
           {"example", "", "one of them", examples}},
          analysis::View::rejects};
}

Table systems_table(const Planned& planned) {
  const auto& candidates = planned.question.candidates;
  std::vector<std::string> names, reasons;
  std::vector<double> mappings, feasible;
  std::vector<std::int64_t> best;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    names.push_back(candidates[i].system.value.name);
    double all = 0;
    double simulated = 0;
    std::string reason;
    for (std::size_t c = 0; c < planned.clusters.size(); ++c) {
      if (planned.clusters[c].candidate != i) continue;
      all += planned.searches[c].mappings;
      simulated += static_cast<double>(planned.searches[c].steps.size());
      if (reason.empty() && !planned.searches[c].rejects.empty())
        reason = planned.searches[c].rejects.front().reason;
    }
    const auto at = std::ranges::find_if(
        planned.answers, [&](const Answer& a) { return planned.clusters[a.cluster].candidate == i; });
    mappings.push_back(all);
    feasible.push_back(simulated);
    best.push_back(at == planned.answers.end() ? -1 : at - planned.answers.begin());
    reasons.push_back(at == planned.answers.end() ? reason : std::string{});
  }
  return {"systems",
          "system",
          "candidates, and the best answer of each",
          {{"system", "", "as its maker writes it", names},
           {"candidates", "", "mappings that were bounded, on all its sizes", mappings},
           {"feasible", "", "of these, simulated in full", feasible},
           {"best_answer", "", "row of `answers`; -1: none", best},
           {"reason", "", "why there is no answer", reasons}},
          analysis::View::systems};
}

/// Every simulated step against its bound.
Table bounds_table(const Planned& planned) {
  std::vector<std::string> systems, mappings;
  std::vector<double> bounds, steps;
  for (std::size_t c = 0; c < planned.clusters.size(); ++c)
    for (const FoundStep& found : planned.searches[c].steps) {
      systems.push_back(planned.clusters[c].system.name + ", " + planned.clusters[c].size);
      mappings.push_back(models::words(found.choice(), planned.clusters[c].npus));
      bounds.push_back(found.bound().in(unit::s));
      steps.push_back(found.step().in(unit::s));
    }
  return {"bounds",
          "simulated_mapping",
          "the closed form against the simulation",
          {{"system", "", "and size", systems},
           {"mapping", "", "in short", mappings},
           {"bound_s", "s", "the least time that the step can take", bounds},
           {"step_time_s", "s", "simulated", steps}}};
}

}  // namespace

SearchSummary summary_of(const std::vector<ClusterSearch>& searches) {
  SearchSummary all;
  for (const ClusterSearch& search : searches) {
    all.mappings += search.mappings;
    all.pruned_by_memory += search.without_memory + search.misfits;
    all.pruned_by_bound += search.pruned;
    all.open_gap = std::max(all.open_gap, search.open_gap);
    for (const FoundStep& found : search.steps) all.simulated.push_back(found.seen);
  }
  for (const models::Simulated& seen : all.simulated)
    all.largest_gap = std::max(all.largest_gap, seen.step / seen.candidate.bound.step - 1);
  return all;
}

void add_plan_figures(const Planned& planned, const SearchSummary& search, Result& result) {
  set(result, {"search.mappings", search.mappings, "", "mappings whose least time was computed"});
  set(result,
      {"search.pruned_by_memory", search.pruned_by_memory, "", "of these, not within the NPU's memory"});
  set(result, {"search.pruned_by_bound", search.pruned_by_bound, "",
               "of these, shown to be too slow by their least time"});
  set(result,
      {"search.simulated", static_cast<double>(search.simulated.size()), "", "of these, simulated in full"});
  set(result, {"search.rank_correlation", models::rank_correlation(search.simulated), "",
               "Spearman's, of least times and simulated times a sequence"});
  set(result,
      {"search.largest_gap", search.largest_gap, "", "simulated over least time, minus 1: the most of all"});
  set(result, {"search.open_gap", search.open_gap, "",
               "how much faster a mapping that was not simulated could be at most, as a share; 0: proven"});
  if (planned.answers.empty()) return;

  const Answer& best = planned.answers.front();
  const Cluster& cluster = planned.clusters[best.cluster];
  const auto set_known = [&](const char* key, double value, const std::string& unit, const char* meaning) {
    if (!std::isnan(value)) set(result, {key, value, unit, meaning});
  };
  set_known("energy_j", best.energy.in(unit::J), "J", "of the whole training, at full load");
  const std::string currency = planned.question.currency();
  set_known("purchase_cost", best.purchase.in(unit::money), currency, "of all that is bought");
  set_known("running_cost", best.running.in(unit::money), currency,
            "of the training: energy, floor, maintenance");
  set_known("cost", best.cost.in(unit::money), currency, "of the training: capital and running cost");
  if (cluster.delivery)
    set(result, {"delivery_s", cluster.delivery->expected.in(unit::s), "s", "until the last chip has come",
                 std::pair{cluster.delivery->low.in(unit::s), cluster.delivery->high.in(unit::s)}});
}

void add_plan_tables(const Planned& planned, const std::vector<std::string>& yaml, Result& result) {
  set(result, answers_table(planned));
  if (!planned.answers.empty()) set(result, limits_table(planned.answers.front()));
  set(result, rejected_table(planned));
  set(result, systems_table(planned));
  set(result, bounds_table(planned));
  set(result, Table{"scenarios",
                    "answer_scenario",
                    "a scenario for each answer, for `superpod run`",
                    {{"yaml", "", "row by row as `answers`", yaml}},
                    analysis::View::scenarios});
}

}  // namespace superpod::scenarios
