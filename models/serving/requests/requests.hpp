/// The requests that a serving system is asked: which, when and how many.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "models/serving/requests/lengths.hpp"
#include "models/serving/requests/load.hpp"
#include "models/serving/requests/request.hpp"
#include "sim/values/describe.hpp"
#include "topology/fabric/fabric.hpp"

namespace superpod::models {

inline constexpr double most_requests = 0x1p40;

/// Drawn: prompts and answers independently of each other.
struct SyntheticRequests {
  Lengths input_tokens, output_tokens;

  static constexpr std::string_view kind = "synthetic";
  static constexpr auto fields() {
    return std::tuple{required("input_tokens", &SyntheticRequests::input_tokens, "of a prompt"),
                      required("output_tokens", &SyntheticRequests::output_tokens, "of an answer")};
  }
};

/// Whose columns a trace has.
enum class TraceFormat { azure, mooncake, burstgpt, own };

constexpr auto words(TraceFormat) {
  using std::pair, std::string_view;
  using enum TraceFormat;
  return std::array{pair{string_view{"azure"}, azure}, pair{string_view{"mooncake"}, mooncake},
                    pair{string_view{"burstgpt"}, burstgpt}, pair{string_view{"own"}, own}};
}

/// Those that a real system was asked, in their order. Where the load is not `recorded` they come at its
/// dates.
struct TraceRequests {
  std::string file;
  TraceFormat format = TraceFormat::own;
  std::optional<std::int64_t> first;

  static constexpr std::string_view kind = "trace";
  static constexpr auto fields() {
    return std::tuple{
        required("file", &TraceRequests::file, "where they are written, a line each"),
        required("format", &TraceRequests::format, "whose columns it has"),
        optional("first", &TraceRequests::first, "so many of them; default: all", between(1, most_requests))};
  }
};

using RequestSource = std::variant<SyntheticRequests, TraceRequests>;

/// When no more come: at whichever is first. Those that are there then are served to their end.
struct Stop {
  std::optional<std::int64_t> requests;
  std::optional<Seconds> time;

  static constexpr std::string_view kind = "stop";
  static constexpr auto fields() {
    return std::tuple{
        optional("requests", &Stop::requests, "after so many; default: no limit, a trace ends by itself",
                 between(1, most_requests)),
        optional("time", &Stop::time, "none comes at this time or later", positive)};
  }
};

struct Requests {
  RequestSource source;
  RequestLoad load;
  Stop stop;
  std::int64_t warm_up = 0;

  static constexpr std::string_view kind = "requests";
  static constexpr auto fields() {
    return std::tuple{
        required("source", &Requests::source, "which they are"),
        required("load", &Requests::load, "when they come"),
        optional("stop", &Requests::stop, "when no more come; without it a trace goes to its end"),
        optional("warm_up", &Requests::warm_up,
                 "the first so many are served and not counted: the system is empty when they come",
                 between(0, most_requests))};
  }
};

/// What does not fit together, with keys below that of the requests: `source.input_tokens.low`, `load`.
std::vector<topology::Flaw> flaws(const Requests& requests);

/// Prompt and answer of the longest that can come: what a model's context must hold.
int most_tokens(const SyntheticRequests& requests);
int most_tokens(std::span<const Request> requests);

}  // namespace superpod::models
