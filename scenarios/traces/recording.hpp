/// Requests as they are read from a trace, each after the one before.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "models/serving/requests/request.hpp"
#include "scenarios/traces/line_mistakes.hpp"
#include "scenarios/traces/trace_fields.hpp"
#include "scenarios/traces/trace_format.hpp"

namespace superpod::scenarios {

class Recording {
 public:
  explicit Recording(const TraceColumns& columns);

  /// The request of a line, or what is wrong with it.
  std::optional<LineFlaw> add(const TraceFields& fields);

  [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(recorded_.requests.size()); }
  [[nodiscard]] models::RecordedRequests take() && { return std::move(recorded_); }

 private:
  std::optional<LineFlaw> read_tokens(const TraceFields& fields, TraceFields::Field field, int& tokens) const;
  std::optional<LineFlaw> read_arrival(const TraceFields& fields, Seconds& arrival);
  std::optional<LineFlaw> read_blocks(std::string_view list, models::Request& request);

  TraceColumns columns_;
  models::RecordedRequests recorded_;
  Moment first_, last_;
};

}  // namespace superpod::scenarios
