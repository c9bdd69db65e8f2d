/// What processes of a sweep say to each other.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "scenarios/sweep/bytes.hpp"
#include "scenarios/sweep/outcome.hpp"

namespace superpod::scenarios {

inline std::string message_of(std::int64_t point) {
  BytesOut out;
  out.number(static_cast<std::uint64_t>(point));
  return out.bytes();
}

inline std::int64_t point_in(std::string_view message) {
  return static_cast<std::int64_t>(BytesIn{message}.number());
}

inline std::string message_of(const Outcome& outcome) {
  const OutcomeBytes parts = bytes_of(outcome);
  BytesOut out;
  out.word(parts.figures), out.word(parts.values);
  return out.bytes();
}

inline Outcome outcome_in(std::string_view message) {
  BytesIn in{message};
  const std::string figures = in.word();
  return outcome_from(figures, in.word());
}

}  // namespace superpod::scenarios
