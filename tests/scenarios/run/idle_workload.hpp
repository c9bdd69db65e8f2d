/// A third kind of workload, as small as one can be: each NPU computes for a time, and nobody sends anything.
/// No source knows it: what it takes to add a kind stands here and, its run, in idle_workload.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "analysis/result.hpp"
#include "scenarios/asked/scenario.hpp"
#include "scenarios/run/how.hpp"
#include "scenarios/text/mistakes.hpp"
#include "sim/values/describe.hpp"
#include "sim/values/units.hpp"

namespace superpod::scenarios {

struct IdleWorkload {
  Seconds time;

  static constexpr std::string_view kind = "idle";
  static constexpr auto fields() {
    return std::tuple{required("time", &IdleWorkload::time, "that each NPU computes", positive)};
  }
};

struct IdleAnswer {
  double npus = 0;
  Seconds time;
};

inline void read_tables(IdleWorkload&, const Places&, Mistakes&) {}
void note_flaws(const IdleWorkload& workload, const ScenarioFile& on, Mistakes& mistakes);
void note_misfits(const IdleWorkload& workload, const ScenarioFile& on, Mistakes& mistakes);
inline void check_ways(const IdleWorkload&, const ScenarioFile&) {}
std::string explained(const IdleWorkload& workload, const ScenarioFile& on);
Run<IdleAnswer> simulated(const IdleWorkload& workload, const ScenarioFile& on, const How& how);
analysis::Result result_of(const IdleAnswer& answer);
inline std::optional<Seconds> closed_form(const IdleWorkload& workload, const Scenario&) {
  return workload.time;
}

}  // namespace superpod::scenarios
