#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/result.hpp"
#include "models/work/work.hpp"
#include "scenarios/sweep/sweep.hpp"
#include "scenarios/text/library.hpp"

namespace superpod::scenarios {

enum class Status : std::uint8_t {
  ok,
  mistake,  ///< the scenario of this point is wrong: the same whenever it is run
  failed    ///< the world was: out of memory, killed
};
inline constexpr std::string_view status_words[] = {"ok", "mistake", "failed"};

/// What became of one point.
struct Outcome {
  std::int64_t point = 0;
  Status status = Status::ok;
  std::string message;                    ///< why it is not ok
  std::vector<analysis::Figure> figures;  ///< of `run --json`; none unless ok
};

/// Simulates one point; what goes wrong is its outcome.
Outcome outcome_of(const SweepFile& file, std::int64_t point, const Library& library, models::Detail detail);

/// An outcome as bytes, in two parts: the first is the same for all points of one kind of workload.
struct OutcomeBytes {
  std::string figures;  ///< their keys, units and meanings, and which are uncertain
  std::string values;   ///< the rest
};

OutcomeBytes bytes_of(const Outcome& outcome);
/// Throws std::runtime_error when they are no outcome.
Outcome outcome_from(std::string_view figures, std::string_view values);

}  // namespace superpod::scenarios
