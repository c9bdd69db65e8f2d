/// How a scenario is to be run, and what a run leaves.
#pragma once

#include <functional>
#include <utility>

#include "analysis/result.hpp"
#include "models/training/step.hpp"
#include "models/work/work.hpp"
#include "scenarios/asked/reachable.hpp"
#include "scenarios/asked/scenario.hpp"
#include "scenarios/run/forecast.hpp"
#include "sim/engine/engine.hpp"
#include "sim/platform/trace.hpp"

namespace superpod::scenarios {

struct How {
  models::Detail detail = models::Detail::folded;
  std::function<void(double)> progress = {};           ///< as in sim/engine/engine.hpp
  std::function<void(const Forecast&)> foreseen = {};  ///< hears what is needed before it is used
};

/// What a user gets of a run, whichever kind of workload it was.
struct Simulated {
  analysis::Result result;  ///< the same for the same scenario, seed and version
  models::Work plan;
  Trace trace;
};

/// The answer of a kind of workload, and what ran for it.
template <class Answer>
struct Run {
  Answer answer;
  models::Work work;
  Trace trace;
};

/// Says what the run will need, and refuses it when there is too little memory. `work` is folded.
void foresee(const models::Work& work, const How& how);

inline const models::Work& work_in(const models::Work& planned) { return planned; }
inline const models::Work& work_in(const models::TrainingWork& planned) { return planned.plan; }

/// Runs what `plan(detail)` returns, which is all known before it begins; folded first where every rank is to
/// stand for itself: the whole plan may be what does not fit.
template <class Plan>
auto run_planned(const ScenarioFile& on, const How& how, const Plan& plan) {
  const auto planned_as = [&](models::Detail detail) {
    return around_faults(on, [&] { return plan(detail); });
  };
  if (how.detail == models::Detail::full) foresee(work_in(planned_as(models::Detail::folded)), how);
  auto planned = planned_as(how.detail);
  if (how.detail == models::Detail::folded) foresee(work_in(planned), how);
  Trace trace = run(work_in(planned).platform, work_in(planned).work, how.progress);
  return std::pair{std::move(planned), std::move(trace)};
}

/// How long it takes what `plan(detail)` returns; folded, which is the same and quick.
template <class Plan>
Seconds folded_time(const Plan& plan) {
  const auto planned = plan(models::Detail::folded);
  return run(work_in(planned).platform, work_in(planned).work).makespan;
}

}  // namespace superpod::scenarios
