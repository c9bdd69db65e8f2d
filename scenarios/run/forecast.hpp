/// What a run will need, known before it begins.
#pragma once

#include <string>

#include "models/work/work.hpp"
#include "sim/values/units.hpp"

namespace superpod::scenarios {

/// How large a plan is.
struct Counts {
  double ranks = 0;         ///< or classes of them
  double occupations = 0;   ///< of devices
  double messages = 0;      ///< or classes of them
  double waits = 0;         ///< tasks that only wait for others
  double dependencies = 0;  ///< of a task on another
  double routes = 0, hops = 0, links = 0;

  [[nodiscard]] double tasks() const { return occupations + messages + waits; }
};

/// Of a plan as it is.
Counts counts(const models::Work& plan);

/// Of the plan in which every rank, link and message stands for itself, from the folded one: a class counts
/// as often as it has members. Ranks, occupations, messages and links are exact; waits and dependencies are
/// those of exchanges, in which each rank waits once for all that it sends and receives, and of what waits
/// for operations. Messages of different sizes over one class of routes count as routes of their own:
/// partners of halving-doubling; an all-to-all in steps has more.
/// Cost: one pass over the folded plan.
Counts counts_one_by_one(const models::Work& folded);

/// What planning, simulating and reporting so much takes.
struct Forecast {
  models::Detail detail = models::Detail::folded;
  Counts counts;
  Bytes memory;             ///< at its peak
  Seconds time;             ///< on the reference machine
  bool on_a_graph = false;  ///< planned one by one even if it is folded afterwards

  [[nodiscard]] std::string text() const;
};

/// Bytes and seconds for each of the counts were measured: tests/bench/results.md. Expect the memory within a
/// factor of 1.5, above some ten MB; the time within a factor of 3, as sharing takes longer the more rates
/// differ.
Forecast forecast(models::Detail detail, const Counts& counts);

/// Throws std::runtime_error with what is needed, what there is, and what to do, if there is too little
/// memory. Up to 64 MB, of which a process alone has 50, are taken to be there.
void require_room(const Forecast& forecast);

}  // namespace superpod::scenarios
