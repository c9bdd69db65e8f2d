#include "scenarios/answers/serving_tables.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "sim/values/quantity_text.hpp"

namespace superpod::scenarios {
namespace {

using analysis::Column;
using analysis::Table;
using models::LogHistogram;
using models::ServedRequest;

double number_of(Seconds time) { return time.in(unit::s); }

Table breakdown_table(const ServingAnswer& answer) {
  std::vector<std::string> causes, meanings;
  std::vector<double> times;
  for (std::size_t pool = 0; pool < answer.pools.size(); ++pool)
    for (const auto& [part, time, meaning] : time_by_part(answer, pool)) {
      causes.push_back(part);
      times.push_back(number_of(time));
      meanings.push_back(meaning);
    }
  return {"breakdown",
          "cause",
          "where the time of an instance goes, mean over those of its pool; adds up to the whole run for "
          "each pool",
          {{"cause", "", "what the time is charged to", causes},
           {"time", "s", "mean over instances", times},
           {"meaning", "", "what counts", meanings}},
          analysis::View::causes};
}

std::vector<std::pair<std::string, const LogHistogram*>> latencies(const ServingAnswer& answer) {
  const models::ServiceMeasures& measures = answer.run.measures;
  return {{"ttft", &measures.ttft},
          {"tpot", &measures.tpot},
          {"itl", &writing_totals(answer.run).token_gaps},
          {"e2el", &measures.e2e},
          {"queue", &measures.queue},
          {"transfer", &measures.handover},
          {"decode_queue", &measures.decode_queue}};
}

Table latency_table(const ServingAnswer& answer) {
  std::vector<std::string> names;
  std::vector<std::vector<double>> values(6);
  for (const auto& [name, histogram] : latencies(answer)) {
    names.push_back(name);
    values[0].push_back(number_of(histogram->mean()));
    const double shares[] = {0.5, 0.9, 0.95, 0.99};
    for (std::size_t q = 0; q < 4; ++q) values[q + 1].push_back(number_of(histogram->quantile(shares[q])));
    values[5].push_back(number_of(histogram->largest()));
  }
  Table table{"latencies", "latency", "of the requests that count", {{"latency", "", "which", names}}};
  const char* const columns[] = {"mean", "p50", "p90", "p95", "p99", "largest"};
  for (std::size_t c = 0; c < values.size(); ++c)
    table.columns.push_back({columns[c], "s", "of all of them", values[c]});
  return table;
}

Table histogram_table(const ServingAnswer& answer) {
  std::vector<std::string> names;
  std::vector<double> from, to, counts;
  for (const auto& [name, histogram] : latencies(answer))
    for (const LogHistogram::Bin& bin : histogram->bins()) {
      names.push_back(name);
      from.push_back(number_of(bin.from)), to.push_back(number_of(bin.to)), counts.push_back(bin.count);
    }
  return {"histograms",
          "bin",
          "how often each latency came; bins that hold none are left out",
          {{"latency", "", "which", names},
           {"from", "s", "of the bin", from},
           {"to", "s", "of the bin", to},
           {"count", "", "requests; of itl, tokens", counts}}};
}

Table request_table(const std::vector<ServedRequest>& requests) {
  const auto times = [&](const char* name, const char* meaning, auto of) {
    std::vector<double> column;
    for (const ServedRequest& its : requests) column.push_back(number_of(of(its)));
    return Column{name, "s", meaning, column};
  };
  const auto counts = [&](const char* name, const char* meaning, auto of) {
    std::vector<std::int64_t> column;
    for (const ServedRequest& its : requests) column.push_back(of(its));
    return Column{name, "", meaning, column};
  };
  using S = const ServedRequest&;
  return {"requests",
          "request",
          "the first of the requests that count, as they ended",
          {times("arrival", "since the first moment", [](S s) { return s.request.arrival; }),
           times("admitted", "an iteration begins that works on it", [](S s) { return s.admitted; }),
           times("first_token", "reaches the user", [](S s) { return s.first_token; }),
           times("finished", "the last token reaches the user", [](S s) { return s.finished; }),
           counts("input_tokens", "of the prompt", [](S s) { return s.request.input_tokens; }),
           counts("output_tokens", "of the answer", [](S s) { return s.request.output_tokens; }),
           counts("instance", "that served it", [](S s) { return s.instance; })}};
}

/// What each pool is, and did.
Table pool_table(const ServingAnswer& answer) {
  std::vector<std::string> names, engines;
  std::vector<double> instances, npus, usage, batch;
  std::vector<std::int64_t> tokens, iterations, preemptions;
  for (std::size_t p = 0; p < answer.pools.size(); ++p) {
    const PoolAnswer& pool = answer.pools[p];
    const models::InstanceTotals& totals = answer.totals(p);
    const Seconds busy = std::max(totals.busy, unit::ns);
    names.push_back(pool.name.empty() ? "all" : pool.name), engines.push_back(pool.engine);
    instances.push_back(pool.instances), npus.push_back(pool.npus);
    usage.push_back(totals.cache_time / busy), batch.push_back(totals.request_time / busy);
    tokens.push_back(pool.kv_tokens), iterations.push_back(totals.iterations);
    preemptions.push_back(totals.preemptions);
  }
  return {"pools",
          "pool",
          "engines that are alike",
          {{"pool", "", "what they do", names},
           {"engine", "", "", engines},
           {"instances", "", "engines", instances},
           {"npus", "", "of all of them", npus},
           {"kv_tokens", "", "that the cache of each tensor group has room for", tokens},
           {"kv_usage", "", "share of it that is used, mean over busy time", usage},
           {"batch_mean", "", "requests that an instance works on, mean over busy time", batch},
           {"iterations", "", "of all instances", iterations},
           {"preemptions", "", "requests evicted from a full cache", preemptions}}};
}

Table memory_table(const ServingAnswer& answer) {
  std::vector<std::string> names;
  for (const PoolAnswer& pool : answer.pools)
    names.push_back(pool.name.empty() ? "each rank" : pool.name + " rank");
  const auto column = [&](const char* name, const char* meaning, Bytes models::CacheBudget::*part) {
    std::vector<double> bytes;
    for (const PoolAnswer& pool : answer.pools) bytes.push_back((pool.budget.*part).in(unit::B));
    return Column{name, "B", meaning, bytes};
  };
  using B = models::CacheBudget;
  return {"memory",
          "rank",
          "on one NPU",
          {{"rank", "", "of an engine", names},
           column("weights", "as the kernels read them", &B::weights),
           column("activations", "of an iteration as large as the budget", &B::activations),
           column("reserved", "graphs, buffers, runtime", &B::reserved),
           column("cache", "keys and values", &B::cache),
           column("capacity", "of the NPU's memory", &B::memory)},
          analysis::View::memory};
}

std::string share_of(Seconds part, Seconds whole) {
  return percent_text(whole > Seconds{} ? part / whole : 0);
}

std::string limit_words(const ServingAnswer& answer) {
  const auto [limit, at] = answer.bound();
  const PoolAnswer& pool = answer.pools[at];
  const models::InstanceTotals& totals = answer.totals(at);
  const std::string where = pool.name.empty() ? "" : " (" + pool.name + ")";
  const auto part = [&](Seconds time, const char* what) {
    return std::string{what} + " most of the busy time" + where + ", " + share_of(time, totals.busy) + ".";
  };
  switch (limit) {
    case Limit::cache:
      return "Requests wait for room in the cache" + where + ": " + std::to_string(pool.kv_tokens) +
             " tokens for each tensor group.";
    case Limit::slots:
      return "Requests wait for one of the " + std::to_string(pool.places) + " places of an engine" + where +
             ".";
    case Limit::prompts:
      return "Requests wait for the prompts before theirs" + where + ".";
    case Limit::handover:
      return "Requests wait for their keys and values to come to where answers are written.";
    case Limit::attention:
      return part(totals.parts.attention, "Attention, which reads the cache, takes");
    case Limit::products:
      return part(totals.parts.products, "The dense layers' products and vector kernels take");
    case Limit::experts:
      return part(totals.parts.experts, "The routed experts' work takes");
    case Limit::exchange:
      return part(totals.parts.exchange, "The exchanges of ranks take");
    case Limit::head:
      return part(totals.parts.head, "The output head takes");
    case Limit::host:
      return part(totals.parts.host, "The work of hosts takes");
  }
  return {};
}

std::string level_words(const ServingAnswer& answer) {
  if (!answer.slo) return {};
  const models::ServiceLevel& level = *answer.slo;
  std::string asked;
  const auto add = [&](const char* name, const std::optional<Seconds>& most) {
    if (most) asked += (asked.empty() ? "" : ", ") + std::string{name} + " " + text(*most);
  };
  add("TTFT", level.ttft), add("TPOT", level.tpot), add("E2E", level.e2e);
  const bool kept = answer.attainment() >= level.quantile;
  return std::string{kept ? "The service level is kept: " : "The service level is not kept: "} +
         percent_text(answer.attainment()) + " of the requests stay within " + asked + ", " +
         percent_text(level.quantile) + " must. ";
}

}  // namespace

std::vector<PartOfTime> time_by_part(const ServingAnswer& answer, std::size_t pool) {
  const PoolAnswer& its = answer.pools[pool];
  const models::InstanceTotals& totals = answer.totals(pool);
  const models::IterationParts parts = 1 / its.instances * totals.parts;
  const Seconds idle = std::max(Seconds{}, answer.run.makespan - totals.busy / its.instances);
  std::vector<PartOfTime> all{
      {"products", parts.products, "dense layers and attention's projections, with their vector kernels"},
      {"experts", parts.experts, "routed experts"},
      {"exchange", parts.exchange, "all-reduces, and tokens on their way to experts and back"},
      {"attention", parts.attention, "cached keys and values"},
      {"head", parts.head, "logits and the choice of tokens"},
      {"host", parts.host, "what the CPUs add to the time of the NPUs"},
      {"idle", idle, "no request is there"}};
  if (!its.name.empty())
    for (PartOfTime& part : all) part.part = its.name + "_" + part.part;
  return all;
}

void add_tables(const ServingAnswer& answer, analysis::Result& result) {
  result.tables.push_back(breakdown_table(answer));
  result.tables.push_back(latency_table(answer));
  result.tables.push_back(pool_table(answer));
  result.tables.push_back(memory_table(answer));
  result.tables.push_back(histogram_table(answer));
  result.tables.push_back(request_table(answer.run.first));
}

std::string verdict(const ServingAnswer& answer) {
  const models::ServiceMeasures& measures = answer.run.measures;
  const double rate =
      measures.duration() > Seconds{} ? measures.output_tokens / measures.duration().in(unit::s) : 0;
  std::string engines;
  for (const PoolAnswer& pool : answer.pools)
    engines += (engines.empty() ? "" : " and ") + si(pool.instances) +
               (pool.instances > 1 ? " instances of " : " instance of ") + pool.engine +
               (pool.name.empty() ? "" : " (" + pool.name + ")");
  return level_words(answer) + answer.model + " on " + si(answer.npus()) + " NPUs of " + answer.system +
         ", " + engines + ": first token after " + text(measures.ttft.mean()) + ", " +
         text(measures.tpot.mean()) + " for each further one (means), " + si(rate) +
         " output tokens a second, " + si(rate / answer.npus()) + " an NPU. " + limit_words(answer);
}

}  // namespace superpod::scenarios
