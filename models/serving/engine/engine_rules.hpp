/// How a serving engine chooses what each iteration works on.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "sim/values/describe.hpp"
#include "sim/values/sourced.hpp"
#include "sim/values/units.hpp"

namespace superpod::models {

/// Who comes first in an iteration.
enum class BatchOrder {
  mixed,         ///< all that decode, then as many tokens of prompts as the budget leaves
  prefill_first  ///< prompts alone while there are any that may begin; those that decode wait
};

constexpr auto words(BatchOrder) {
  using std::pair, std::string_view;
  return std::array{pair{string_view{"mixed"}, BatchOrder::mixed},
                    pair{string_view{"prefill_first"}, BatchOrder::prefill_first}};
}

/// What the fraction of the memory is taken of.
enum class MemoryShare {
  all,          ///< weights, activations and cache together stay within it
  what_is_free  ///< the cache takes it of what weights and activations leave
};

constexpr auto words(MemoryShare) {
  using std::pair, std::string_view;
  return std::array{pair{string_view{"all"}, MemoryShare::all},
                    pair{string_view{"what_is_free"}, MemoryShare::what_is_free}};
}

/// Work of the CPUs for one iteration.
///
///     T = iteration + requests * request + tokens * token
///
/// Before its engine sees it, a request is received, its text cut into tokens, its answer prepared: by one
/// thread, one after the other.
///
///     T = admission + prompt tokens * prompt_token
///
/// `overlapped`: the next iteration is prepared while the device works on this one, so that an iteration
/// takes the longer of the two; else one after the other.
struct HostWork {
  Sourced<Seconds> iteration, request, token, admission, prompt_token;
  bool overlapped = true;

  static constexpr std::string_view kind = "host work";
  static constexpr auto fields() {
    return std::tuple{
        optional("iteration", &HostWork::iteration, "of each iteration", not_negative),
        optional("request", &HostWork::request, "of each request in it", not_negative),
        optional("token", &HostWork::token, "of each token that is computed", not_negative),
        optional("admission", &HostWork::admission, "of each request, once, before it can be scheduled",
                 not_negative),
        optional("prompt_token", &HostWork::prompt_token, "of each token of its prompt, likewise",
                 not_negative),
        optional("overlapped", &HostWork::overlapped, "while the device works on the iteration before")};
  }
};

struct ServingEngine {
  std::string name, version, source;
  BatchOrder order = BatchOrder::mixed;
  Sourced<int> token_budget{8192}, max_running{256}, block_tokens{16}, lag_iterations{0}, stream_interval{1};
  bool chunked_prefill = true;
  Sourced<double> reserve_share{0.0}, memory_fraction{0.9};
  MemoryShare memory_share = MemoryShare::all;
  Sourced<Bytes> reserved_memory;
  std::vector<int> graph_batches;
  HostWork host;

  static constexpr std::string_view kind = "engine";
  static constexpr auto fields() {
    using E = ServingEngine;
    return std::tuple{
        required("name", &E::name, "as its makers write it"),
        optional("version", &E::version, "whose rules and defaults these are"),
        optional("source", &E::source, "of the rules"),
        optional("order", &E::order, "who comes first in an iteration"),
        optional("token_budget", &E::token_budget, "tokens that a rank computes in an iteration, at most",
                 between(1, 0x1p24)),
        optional("max_running", &E::max_running, "requests that a rank works on at a time, at most",
                 between(1, 0x1p20)),
        optional("chunked_prefill", &E::chunked_prefill, "a prompt may be cut to fit the budget"),
        optional("block_tokens", &E::block_tokens, "tokens of a block of the cache", between(1, 65536)),
        optional("lag_iterations", &E::lag_iterations,
                 "iterations that are scheduled ahead: a request that comes joins so many later",
                 between(0, 16)),
        optional("stream_interval", &E::stream_interval,
                 "tokens of a request that leave together: its first is seen with the last of these",
                 between(1, 65536)),
        optional("reserve_share", &E::reserve_share,
                 "of the tokens that running requests may still make: room for these is kept when another is "
                 "admitted; 1: nobody is ever evicted, 0: room for its prompt is enough",
                 share),
        optional("memory_fraction", &E::memory_fraction, "of the memory that it uses", usable_share),
        optional("memory_share", &E::memory_share, "what that fraction is of"),
        optional("reserved_memory", &E::reserved_memory,
                 "beside weights, activations and cache: graphs, communication buffers, runtime",
                 not_negative),
        optional("graph_batches", &E::graph_batches,
                 "batches of decoding that were captured: a batch is filled up to the next of them",
                 between(1, 0x1p20)),
        optional("host", &E::host, "work of the CPUs")};
  }
};

}  // namespace superpod::models
