#include "scenarios/run/verify.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "scenarios/asked/kinds.hpp"
#include "scenarios/run/collective.hpp"
#include "scenarios/run/runnable.hpp"
#include "scenarios/run/serving.hpp"
#include "scenarios/run/simulate.hpp"
#include "scenarios/run/training.hpp"
#include "sim/engine/engine.hpp"
#include "sim/values/quantity_text.hpp"

namespace superpod::scenarios {
namespace {

double difference(Seconds one, Seconds other) {
  const Seconds larger = std::max(one, other);
  return larger > Seconds{} ? std::abs((one - other).in(unit::s)) / larger.in(unit::s) : 0;
}

/// The largest of any date, relative to the whole run.
double difference(const Trace& one, const Trace& other) {
  double most = difference(one.makespan, other.makespan);
  for (std::size_t t = 0; t < one.tasks.size(); ++t)
    for (const Seconds Span::*date : {&Span::start, &Span::finish})
      most = std::max(
          most, std::abs((one.tasks[t].*date - other.tasks[t].*date).in(unit::s)) / one.makespan.in(unit::s));
  return most;
}

/// Adds both clocks' runs of one detail.
void add_runs(const ScenarioFile& file, models::Detail detail,
              const std::function<void(const Forecast&)>& foreseen, std::vector<Way>& ways) {
  const std::string name = detail == models::Detail::folded ? "folded" : "every rank";
  const Simulated by_simgrid = simulate(file, detail, {}, foreseen);
  const Trace bare = run_bare(by_simgrid.plan.platform, by_simgrid.plan.work);
  Way first{name + ", SimGrid's clock", by_simgrid.trace.makespan, 0, {}};
  if (!ways.empty()) {
    first.against = ways.front().name;
    first.difference = difference(first.time, ways.front().time);
  }
  ways.push_back(first);
  ways.push_back({name + ", bare loop", bare.makespan, difference(bare, by_simgrid.trace), first.name});
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

std::string exactly(double number, const char* format) {
  char text[32];
  std::snprintf(text, sizeof text, format, number);
  return text;
}

}  // namespace

bool Verification::agrees() const {
  return std::ranges::all_of(ways, [](const Way& way) { return way.difference <= agreement; });
}

std::string Verification::text() const {
  constexpr std::size_t names = 28, times = 22, differences = 12;
  std::string table =
      padded("way", names) + padded("time, s", times) + padded("difference", differences) + "from\n";
  for (const Way& way : ways)
    table += padded(way.name, names) + padded(exactly(way.time.in(unit::s), "%.15g"), times) +
             (way.against.empty() ? std::string{"-"}
                                  : padded(exactly(way.difference, "%.2g"), differences) + way.against) +
             "\n";
  return table + (agrees() ? "All agree to " : "They do not agree to ") + exactly(agreement, "%g") + ".\n";
}

Verification verify(const ScenarioFile& file, const std::function<void(const Forecast&)>& foreseen) {
  ScenarioFile bare = file;
  bare.scenario.reliability.reset();
  bare.scenario.uncertainty.reset();
  bare.scenario.faults.jitter.reset();
  Verification found;
  add_runs(bare, models::Detail::folded, {}, found.ways);
  add_runs(bare, models::Detail::full, foreseen, found.ways);
  if (const auto time = closed_form(bare.scenario.workload, bare.scenario))
    found.ways.push_back(
        {"closed form", *time, difference(*time, found.ways.front().time), found.ways.front().name});
  return found;
}

}  // namespace superpod::scenarios
