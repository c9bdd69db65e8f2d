/// Whether what a workload sends finds its way around what is dead.
#pragma once

#include "scenarios/asked/scenario.hpp"
#include "scenarios/text/mistakes.hpp"
#include "topology/routing/routes.hpp"

namespace superpod::scenarios {

/// That some NPUs cannot reach others is a mistake of the faults, which cut them off.
void note_cut_off(const topology::Unreachable& cut_off, const ScenarioFile& file, Mistakes& mistakes);

/// What `plan` returns; when it finds no way, throws ScenarioError.
template <class Plan>
auto around_faults(const ScenarioFile& file, const Plan& plan) {
  try {
    return plan();
  } catch (const topology::Unreachable& cut_off) {
    Mistakes mistakes;
    note_cut_off(cut_off, file, mistakes);
    throw ScenarioError{std::move(mistakes)};
  }
}

/// Plans the workload, folded, where links are dead, and notes when something cannot be reached.
void check_ways(const ScenarioFile& file, Mistakes& mistakes);

}  // namespace superpod::scenarios
