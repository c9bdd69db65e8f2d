#include "scenarios/run/simulate.hpp"

#include <algorithm>
#include <map>

#include "analysis/link_use.hpp"
#include "models/collectives/cabled_collective.hpp"
#include "models/hardware/kernel_time.hpp"
#include "models/training/step.hpp"
#include "models/work/work_folding.hpp"
#include "scenarios/answers/bill_result.hpp"
#include "scenarios/answers/collective_result.hpp"
#include "scenarios/answers/jitter_result.hpp"
#include "scenarios/answers/network_result.hpp"
#include "scenarios/answers/reliability_result.hpp"
#include "scenarios/answers/training_result.hpp"
#include "scenarios/asked/explain.hpp"
#include "scenarios/asked/faults_result.hpp"
#include "scenarios/asked/reachable.hpp"
#include "scenarios/run/uncertain_training.hpp"
#include "sim/engine/engine.hpp"
#include "sim/version/version.hpp"
#include "topology/fabric/wiring.hpp"

namespace superpod::scenarios {
namespace {

analysis::Result head(const ScenarioFile& file, models::Detail detail) {
  const Scenario& scenario = file.scenario;
  analysis::Result result;
  result.name = scenario.name;
  result.kind =
      std::visit([](const auto& workload) { return std::string{workload.kind}; }, scenario.workload);
  result.system = scenario.system.value.name;
  result.version = version();
  result.scenario_text = file.text;
  result.seed = scenario.seed;
  result.engine = detail == models::Detail::folded ? "folded" : "full";
  for (const Parameter& parameter : parameters(file))
    result.provenance.push_back(
        {parameter.path, parameter.value, parameter.grade, parameter.source, parameter.note});
  return result;
}

void add_counts(const Simulated& of, analysis::Result& result) {
  double ranks = 0;
  for (const auto& rank : of.plan.platform.ranks) ranks += rank.count;
  const auto add = [&](const char* key, double value, const char* meaning) {
    result.figures.push_back({key, value, "", meaning});
  };
  add("npus", ranks, "NPUs that take part");
  add("classes.ranks", static_cast<double>(of.plan.platform.ranks.size()),
      "classes of ranks that were simulated");
  add("classes.links", static_cast<double>(of.plan.platform.links.size()),
      "classes of links that carry traffic");
  add("classes.flows", static_cast<double>(of.plan.platform.routes.size()),
      "classes of flows, each with a route of its own");
  add("events", static_cast<double>(of.trace.events), "starts and ends that the engine handled");
}

/// Link classes of one name, which differ in who uses them, taken together.
struct Family {
  double count = 0, bandwidth = 0, bytes = 0, utilisation = 0, busiest = 0, busy = 0;
  std::vector<double> over_time;
};

/// Links that carry something, and how much of their bandwidth it takes.
void add_links(const Simulated& of, analysis::Result& result) {
  constexpr std::size_t bins = 200;
  const auto use = analysis::link_use(of.plan.platform, of.plan.work, of.trace, bins);
  std::vector<std::string> names;
  std::map<std::string, Family> families;
  for (std::size_t l = 0; l < use.size(); ++l) {
    const auto& link = of.plan.platform.links[l];
    const auto [at, added] = families.try_emplace(link.name);
    if (added) names.push_back(link.name);
    Family& family = at->second;
    family.over_time.resize(bins);
    family.count += link.count;
    family.bandwidth += link.count * link.bandwidth.in(unit::B / unit::s);
    family.bytes += use[l].bytes.in(unit::B);
    family.utilisation += link.count * use[l].utilisation;
    family.busiest = std::max(family.busiest, use[l].utilisation);
    family.busy = std::max(family.busy, use[l].busy);
    for (std::size_t bin = 0; bin < bins; ++bin) family.over_time[bin] += link.count * use[l].over_time[bin];
  }
  std::vector<double> count, bandwidth, bytes, utilisation, busiest, busy, start, over_time;
  for (const std::string& name : names) {
    const Family& family = families.at(name);
    count.push_back(family.count);
    bandwidth.push_back(family.bandwidth / family.count);
    bytes.push_back(family.bytes / family.count);
    utilisation.push_back(family.utilisation / family.count);
    busiest.push_back(family.busiest);
    busy.push_back(family.busy);
    for (const double share : family.over_time) over_time.push_back(share / family.count);
  }
  for (std::size_t bin = 0; bin < bins; ++bin)
    start.push_back(of.trace.makespan.in(unit::s) * static_cast<double>(bin) / static_cast<double>(bins));
  result.tables.push_back(
      {"links",
       "link_class",
       "directed links that carry something, by network and kind",
       {{"name", "", "network, and which of its links", names},
        {"count", "", "directed links of this kind that carry something", count},
        {"bandwidth", "B/s", "payload of one link, in its direction; mean", bandwidth},
        {"bytes_per_link", "B", "carried by one link in the whole run; mean", bytes},
        {"utilisation", "", "bytes over bandwidth and run time; mean over the links", utilisation},
        {"busiest", "", "utilisation of the busiest of them", busiest},
        {"busy", "", "share of the run in which something is under way; the most of them", busy}}});
  result.tables.push_back({"time",
                           "time",
                           "bins of equal width over the run",
                           {{"start", "s", "start of the bin, from the start of the run", start}}});
  result.arrays.push_back({"link_utilisation",
                           "",
                           "bytes over bandwidth in each bin, mean over the links; a transfer's bytes are "
                           "spread evenly over its span",
                           {"link_class", "time"},
                           over_time});
}

/// The step with all kernels faster, and slower, by the error that their timings are expected to have;
/// folded, which is the same and quick.
std::pair<Seconds, Seconds> step_interval(const models::TrainingWorkload& workload, const models::Chip& chip,
                                          const topology::Wiring& wiring, Seconds step) {
  std::pair interval{step, step};
  for (const double sigmas : {-1.0, 1.0}) {
    const models::TrainingWork planned =
        models::plan(workload, models::with_kernels_off(chip, sigmas), wiring, models::Detail::folded);
    const Seconds other = run(planned.plan.platform, planned.plan.work).makespan;
    interval = {std::min(interval.first, other), std::max(interval.second, other)};
  }
  return interval;
}

models::Work folded_plan(const Scenario& scenario, const topology::Wiring& wiring,
                         const models::Asymmetry& asymmetry) {
  constexpr models::Detail folded = models::Detail::folded;
  return std::visit(
      [&]<class W>(const W& workload) {
        if constexpr (std::is_same_v<W, models::TrainingWorkload>)
          return models::plan(workload, scenario.system.value.chip.value, wiring, folded, asymmetry).plan;
        else
          return models::plan(workload, wiring, folded, asymmetry);
      },
      scenario.workload);
}

/// The same work on the system without faults; folded, which is the same and quick.
Seconds time_without_faults(const Scenario& scenario, const topology::Wiring& whole) {
  const models::Work plan = folded_plan(scenario, whole, {});
  return run(plan.platform, plan.work).makespan;
}

/// Says what the run will need, and refuses it when there is too little memory. `plan` is folded.
void foresee(const models::Work& plan, models::Detail detail,
             const std::function<void(const Forecast&)>& foreseen) {
  const Forecast need =
      forecast(detail, detail == models::Detail::full ? counts_one_by_one(plan) : counts(plan));
  if (foreseen) foreseen(need);
  require_room(need);
}

/// What faults cost, and how sure a step is as far as its kernels go (uncertain_training.hpp goes further):
/// both take folded runs of the system without faults, so that large runs with faults are not repeated.
void compare_with_whole(const Scenario& scenario, Seconds time, analysis::Result& result) {
  const models::System& system = scenario.system.value;
  const topology::Wiring whole{system.fabric()};
  const bool has_faults = !scenario.faults.none();
  const Seconds without = has_faults ? time_without_faults(scenario, whole) : time;
  const auto* training = std::get_if<models::TrainingWorkload>(&scenario.workload);
  if (training != nullptr && !scenario.uncertainty && !system.chip.value.timings.empty()) {
    const auto [low, high] = step_interval(*training, system.chip.value, whole, without);
    add_step_interval({time / without * low, time / without * high}, result);
  }
  if (has_faults) add_slowdown(time, without, result);
}

/// A collective on a graph: every rank is planned, then folded as far as the graph is regular.
Simulated simulate_on_graph(const ScenarioFile& file, models::Detail detail,
                            const std::function<void(double)>& progress,
                            const std::function<void(const Forecast&)>& foreseen) {
  const models::System& system = file.scenario.system.value;
  const auto collective = models::on_cabling(std::get<models::CollectiveWorkload>(file.scenario.workload));
  Simulated done;
  done.result = head(file, detail);
  done.plan = around_faults(
      file, [&] { return models::plan(collective, *file.cabling, system.endpoint_latency.value); });
  const std::size_t ranks = done.plan.platform.ranks.size();
  if (detail == models::Detail::folded) done.plan = models::folded(done.plan).plan;
  foresee(done.plan, detail, foreseen);
  done.trace = run(done.plan.platform, done.plan.work, progress);
  add_counts(done, done.result);
  add_collective(collective, system, done.trace, done.result);
  if (detail == models::Detail::folded)
    done.result.verdict += " " + std::to_string(ranks) + " ranks folded to " +
                           std::to_string(done.plan.platform.ranks.size()) + " classes.";
  add_links(done, done.result);
  return done;
}

/// The step with speeds by chance; folded, whatever the engine: drawn speeds leave nothing else.
void draw_steps(const Scenario& scenario, const topology::Wiring& wiring, const models::Asymmetry& asymmetry,
                analysis::Result& result) {
  const auto* training = std::get_if<models::TrainingWorkload>(&scenario.workload);
  if (training == nullptr) return;
  const models::Jitter& jitter = *scenario.faults.jitter;
  const models::TrainingWork planned =
      models::plan(*training, scenario.system.value.chip.value, wiring, models::Detail::folded, asymmetry);
  add_jitter(jitter,
             models::jittered_step(
                 planned, jitter, static_cast<std::uint64_t>(scenario.seed),
                 [](const Platform& platform, const TaskGraph& work) { return run(platform, work); }),
             result);
}

}  // namespace

Simulated simulate(const ScenarioFile& file, models::Detail detail,
                   const std::function<void(double)>& progress,
                   const std::function<void(const Forecast&)>& foreseen) {
  if (file.cabling) return simulate_on_graph(file, detail, progress, foreseen);
  const models::System& system = file.scenario.system.value;
  const models::Faults& faults = file.scenario.faults;
  const topology::Wiring wiring{models::fabric(faults, system)};
  const models::Asymmetry asymmetry = models::asymmetry(faults, wiring, file.scenario.seed);
  Simulated done;
  done.result = head(file, detail);
  if (detail == models::Detail::full)  // before the whole plan, which may be what does not fit
    foresee(around_faults(file, [&] { return folded_plan(file.scenario, wiring, asymmetry); }), detail,
            foreseen);
  const auto run_and_report = [&](models::Work plan, auto&& report) {
    done.plan = std::move(plan);
    if (detail == models::Detail::folded) foresee(done.plan, detail, foreseen);
    done.trace = run(done.plan.platform, done.plan.work, progress);
    add_counts(done, done.result);
    report();
    add_links(done, done.result);
    add_network(wiring, done.result);
  };
  if (const auto* collective = std::get_if<models::CollectiveWorkload>(&file.scenario.workload)) {
    run_and_report(around_faults(file, [&] { return models::plan(*collective, wiring, detail, asymmetry); }),
                   [&] { add_collective(*collective, system, done.trace, done.result); });
  } else {
    const auto& training = std::get<models::TrainingWorkload>(file.scenario.workload);
    models::TrainingWork planned = around_faults(
        file, [&] { return models::plan(training, system.chip.value, wiring, detail, asymmetry); });
    run_and_report(std::move(planned.plan), [&] {
      add_training(training, system, planned, {done.plan, done.trace, asymmetry.chips}, done.result);
    });
  }
  if (!faults.none()) add_faults(asymmetry, wiring, done.result);
  compare_with_whole(file.scenario, done.trace.makespan, done.result);
  if (faults.jitter) draw_steps(file.scenario, wiring, asymmetry, done.result);
  const bool is_training = std::holds_alternative<models::TrainingWorkload>(file.scenario.workload);
  const Planning planning{file.scenario.site, file.scenario.prices, file.scenario.supply};
  if (is_training) add_bill(system, planning, done.result);
  if (file.scenario.reliability) add_reliability(*file.scenario.reliability, done.result);
  if (is_training) add_energy(system, planning, done.result);
  if (file.scenario.uncertainty) add_training_uncertainty(file.scenario, done.result);
  return done;
}

}  // namespace superpod::scenarios
