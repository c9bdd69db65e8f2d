/// One scenario in every way in which it can be reckoned, side by side.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "scenarios/asked/scenario.hpp"
#include "scenarios/run/forecast.hpp"
#include "sim/values/units.hpp"

namespace superpod::scenarios {

/// What two ways of reckoning a time may differ by, relative.
inline constexpr double agreement = 1e-9;

struct Way {
  std::string name;
  Seconds time;           ///< of the whole run
  double difference = 0;  ///< relative, from what it is held against
  std::string against;    ///< the way it is held against; empty of the first
};

struct Verification {
  std::vector<Way> ways;
  [[nodiscard]] bool agrees() const;
  [[nodiscard]] std::string text() const;  ///< a table, and whether they agree
};

/// Runs the scenario folded and with every rank, each on SimGrid's clock and by the bare loop, of which every
/// task must begin and end at the same dates; and its closed form, where there is one. What is reckoned after
/// the run (reliability, intervals) is left out.
/// Throws std::runtime_error when there is too little memory for every rank; `foreseen` hears of it before.
Verification verify(const ScenarioFile& file, const std::function<void(const Forecast&)>& foreseen = {});

}  // namespace superpod::scenarios
