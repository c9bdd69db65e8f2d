/// A language model that is served: what a scenario says of it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "models/hardware/system.hpp"
#include "models/mapping/expert_load.hpp"
#include "models/serving/costs/serving_shape.hpp"
#include "models/serving/engine/engine_rules.hpp"
#include "models/serving/requests/requests.hpp"
#include "sim/values/describe.hpp"
#include "sim/values/sourced.hpp"

namespace superpod::models {

/// Which instance gets a request.
enum class Router {
  round_robin,
  random,
  least_requests,  ///< that runs and keeps waiting fewest
  power_of_two,    ///< of two at random, the one of these with fewer
};

constexpr auto words(Router) {
  using std::pair, std::string_view;
  return std::array{pair{string_view{"round_robin"}, Router::round_robin},
                    pair{string_view{"random"}, Router::random},
                    pair{string_view{"least_requests"}, Router::least_requests},
                    pair{string_view{"power_of_two"}, Router::power_of_two}};
}

/// Engines that are alike.
struct Pool {
  int instances = 1;
  ServingParallelism parallel;
  Entry<ServingEngine> engine;
  Router router = Router::round_robin;
  std::optional<std::int64_t> cache_tokens;

  [[nodiscard]] std::int64_t npus() const { return std::int64_t{instances} * parallel.ranks(); }

  static constexpr std::string_view kind = "pool";
  static constexpr auto fields() {
    return std::tuple{
        optional("instances", &Pool::instances, "engines", between(1, 0x1p20)),
        optional("parallel", &Pool::parallel, "how the ranks of one share the model"),
        required("engine", &Pool::engine, "catalogue name of the engine, or a mapping that refines one"),
        optional("router", &Pool::router, "which instance gets a request"),
        optional(
            "cache_tokens", &Pool::cache_tokens,
            "tokens of the cache of each tensor group, as the engine prints them when it starts; default: "
            "by the engine's formula",
            between(1, 0x1p40))};
  }
};

/// Each engine serves requests from their prompts to their last tokens.
struct Aggregated : Pool {
  static constexpr std::string_view kind = "aggregated";
};

/// Some engines read prompts and make the first token; keys and values then go over the fabric to others,
/// which write the rest. Both lie on one system, those that read first.
struct Disaggregated {
  Pool prefill, decode;
  bool layerwise = true;

  static constexpr std::string_view kind = "disaggregated";
  static constexpr auto fields() {
    using D = Disaggregated;
    return std::tuple{required("prefill", &D::prefill, "engines that read prompts"),
                      required("decode", &D::decode, "engines that write answers"),
                      optional("layerwise", &D::layerwise,
                               "keys and values of a layer go while the next is computed: all but the last "
                               "layer's are under way "
                               "when the first token is made")};
  }
};

using Deployment = std::variant<Aggregated, Disaggregated>;

/// The pool that requests come to, and the one to which they go on, if there is another.
struct Pools {
  const Pool& first;
  const Pool* second = nullptr;

  [[nodiscard]] std::int64_t npus() const { return first.npus() + (second ? second->npus() : 0); }
};
Pools pools_of(const Deployment& deployment);

/// Between the user and the engine.
struct Client {
  Sourced<Seconds> overhead;

  static constexpr std::string_view kind = "client";
  static constexpr auto fields() {
    return std::tuple{optional("overhead", &Client::overhead,
                               "from the user to the engine and back, once a request: added to its first "
                               "token and to its end",
                               not_negative)};
  }
};

/// What a request must keep to be of use.
struct ServiceLevel {
  std::optional<Seconds> ttft{}, tpot{}, e2e{};
  double quantile = 0.99;

  static constexpr std::string_view kind = "service level";
  static constexpr auto fields() {
    using S = ServiceLevel;
    return std::tuple{
        optional("ttft", &S::ttft, "time to its first token, at most", positive),
        optional("tpot", &S::tpot, "time for each token after the first, at most", positive),
        optional("e2e", &S::e2e, "time to its last token, at most", positive),
        optional("quantile", &S::quantile, "share of the requests that must keep all of these", share)};
  }
};

struct ServingWorkload {
  Entry<Llm> model;
  ServingPrecisions precision;
  Requests requests;
  Client client;
  Deployment deployment;
  ExpertLoad expert_load;
  ExpertPlacement expert_placement = ExpertPlacement::consecutive;
  std::optional<ServiceLevel> slo;
  RecordedRequests trace;  ///< what its source names; read with the scenario

  [[nodiscard]] ExpertTraffic experts() const { return {expert_load, expert_placement, Algorithm::direct}; }

  static constexpr std::string_view kind = "serving";
  static constexpr auto fields() {
    using W = ServingWorkload;
    return std::tuple{
        required("model", &W::model, "catalogue name of the model, or a mapping that refines one"),
        optional("precision", &W::precision, "of each part"),
        required("requests", &W::requests, "what is asked, and when"),
        optional("client", &W::client, "between the user and the engine"),
        required("deployment", &W::deployment, "which engines serve it, on how many NPUs"),
        optional("expert_load", &W::expert_load,
                 "how tokens fall on the routed experts of each MoE layer; default: all get the same"),
        optional("expert_placement", &W::expert_placement, "on which of its ranks an expert lives"),
        optional("slo", &W::slo, "what a request must keep")};
  }
};

}  // namespace superpod::models
