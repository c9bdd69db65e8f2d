/// What faults are in a result: how many, which, and what they cost.
#pragma once

#include <string>

#include "analysis/result.hpp"
#include "scenarios/asked/fault_list.hpp"
#include "sim/values/units.hpp"

namespace superpod::scenarios {

/// How long the work takes with faults, and how long without.
struct Slowdown {
  Seconds with_faults, without;

  [[nodiscard]] double factor() const { return with_faults / without; }
};

/// Counts (`faults.dead_links`, ...) and the table `faults` of everything that is not alike.
void add_faults(const FaultList& list, analysis::Result& result);

/// `faults.slowdown`.
void add_slowdown(const Slowdown& slowdown, analysis::Result& result);

/// What the faults cost, in a sentence of the verdict.
std::string sentence(const Slowdown& slowdown);

}  // namespace superpod::scenarios
