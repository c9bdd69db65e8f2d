#include "scenarios/answers/serving_result.hpp"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "scenarios/answers/serving_tables.hpp"
#include "sim/values/quantity_text.hpp"

namespace superpod::scenarios {
namespace {

using analysis::Figure;
using models::FleetRun;
using models::LogHistogram;

/// A figure of the run, and of those with other kernels: the interval holds all of them.
class Figures {
 public:
  Figures(const ServingAnswer& answer, analysis::Result& result) : answer_{answer}, result_{result} {}

  void add(const std::string& key, const char* unit, const std::string& meaning,
           const std::function<double(const FleetRun&)>& of) {
    Figure figure{key, of(answer_.run), unit, meaning};
    if (answer_.off) {
      const double a = of((*answer_.off)[0]), b = of((*answer_.off)[1]);
      figure.interval = {std::min({a, b, figure.value}), std::max({a, b, figure.value})};
    }
    result_.figures.push_back(figure);
  }
  void add_certain(const std::string& key, double value, const char* unit, const std::string& meaning) {
    result_.figures.push_back({key, value, unit, meaning});
  }

 private:
  const ServingAnswer& answer_;
  analysis::Result& result_;
};

double per_second(double count, const FleetRun& run) {
  const Seconds duration = run.measures.duration();
  return duration > Seconds{} ? count / duration.in(unit::s) : 0;
}

void add_throughputs(const ServingAnswer& answer, Figures& figures) {
  const double npus = answer.npus();
  const auto rate = [&](const std::string& key, const std::string& meaning, auto count) {
    figures.add(key, "1/s", meaning,
                [=](const FleetRun& run) { return per_second(count(run.measures), run); });
  };
  using M = models::ServiceMeasures;
  rate("throughput_tokens_per_s",
       "output tokens of the requests that count, over the time from the first arrival to the last token",
       [](const M& m) { return m.output_tokens; });
  rate("throughput_tokens_per_s_per_npu", "the same over the NPUs of all instances",
       [=](const M& m) { return m.output_tokens / npus; });
  rate("total_token_throughput", "input and output tokens, likewise",
       [](const M& m) { return m.input_tokens + m.output_tokens; });
  rate("total_token_throughput_per_npu", "the same over the NPUs of all instances",
       [=](const M& m) { return (m.input_tokens + m.output_tokens) / npus; });
  rate("request_throughput", "requests, likewise", [](const M& m) { return m.requests; });
  figures.add("interactivity_tokens_per_s", "1/s", "tokens that a user sees in a time: 1 over the mean TPOT",
              [](const FleetRun& run) {
                const Seconds tpot = run.measures.tpot.mean();
                return tpot > Seconds{} ? unit::s / tpot : 0;
              });
}

/// What is known of a latency, in the order of the contract.
void add_latency(const std::string& key, const std::string& meaning,
                 const std::function<const LogHistogram&(const FleetRun&)>& of, Figures& figures) {
  figures.add(key + ".mean", "s", meaning + ", mean",
              [&](const FleetRun& run) { return of(run).mean().in(unit::s); });
  for (const auto& [name, share] : {std::pair{"p50", 0.5}, {"p90", 0.9}, {"p95", 0.95}, {"p99", 0.99}})
    figures.add(key + "." + name, "s", meaning + "; " + percent_text(share) + " are not longer",
                [&, share = share](const FleetRun& run) { return of(run).quantile(share).in(unit::s); });
}

void add_latencies(bool apart, Figures& figures) {
  using R = FleetRun;
  using H = LogHistogram;
  add_latency(
      "ttft_s", "time to first token: from arrival", [](const R& r) -> const H& { return r.measures.ttft; },
      figures);
  add_latency(
      "tpot_s", "time for each output token after the first of a request: (E2E - TTFT) / (tokens - 1)",
      [](const R& r) -> const H& { return r.measures.tpot; }, figures);
  add_latency(
      "itl_s", "inter-token latency: between two tokens of a request, of all requests",
      [](const R& r) -> const H& { return writing_totals(r).token_gaps; }, figures);
  add_latency(
      "e2el_s", "end to end: from arrival to the last token",
      [](const R& r) -> const H& { return r.measures.e2e; }, figures);
  add_latency(
      "queue_time_s", "from arrival until an iteration begins that works on the prompt",
      [](const R& r) -> const H& { return r.measures.queue; }, figures);
  if (!apart) return;
  add_latency(
      "transfer_time_s", "from the first token until keys and values are where the next is made",
      [](const R& r) -> const H& { return r.measures.handover; }, figures);
  add_latency(
      "decode_queue_time_s", "from then on until an iteration begins that makes it",
      [](const R& r) -> const H& { return r.measures.decode_queue; }, figures);
}

void add_service(const ServingAnswer& answer, Figures& figures) {
  if (!answer.slo) return;
  figures.add("slo_attainment", "", "share of the requests that keep the service level",
              [](const FleetRun& run) { return run.measures.kept / std::max(1.0, run.measures.requests); });
  figures.add("goodput_requests_per_s", "1/s", "requests that keep the service level, over the same time",
              [](const FleetRun& run) { return per_second(run.measures.kept, run); });
}

/// What is in the way where answers are written; a table has all pools.
void add_engines(const ServingAnswer& answer, Figures& figures) {
  const models::InstanceTotals& totals = writing_totals(answer.run);
  const Seconds busy = std::max(totals.busy, unit::ns);
  const PoolAnswer& pool = answer.pools.back();
  double instances = 0;
  for (const PoolAnswer& each : answer.pools) instances += each.instances;
  figures.add_certain("instances", instances, "", "engines");
  figures.add_certain("requests", answer.run.measures.requests, "", "that count: those after the warm-up");
  figures.add_certain("kv_tokens", static_cast<double>(pool.kv_tokens), "",
                      "tokens that the cache of each tensor group has room for, where answers are written");
  figures.add_certain("kv_usage", totals.cache_time / busy, "",
                      "share of the caches of an instance there that holds tokens, mean over busy time");
  figures.add_certain("batch_mean", totals.request_time / busy, "",
                      "requests that an instance there works on, mean over busy time");
  figures.add_certain("batch_max", totals.most_running, "", "the most that one did");
  figures.add_certain("iterations", static_cast<double>(totals.iterations), "", "of all instances there");
  figures.add_certain("preemptions", static_cast<double>(totals.preemptions), "",
                      "requests that were evicted from a full cache there, and computed anew");
}

void add_breakdown(const ServingAnswer& answer, Figures& figures) {
  for (std::size_t pool = 0; pool < answer.pools.size(); ++pool)
    for (const auto& [part, time, meaning] : time_by_part(answer, pool))
      figures.add_certain("breakdown_s." + part, time.in(unit::s), "s", meaning + ", mean over instances");
}

}  // namespace

analysis::Result result_of(const ServingAnswer& answer) {
  analysis::Result result;
  Figures figures{answer, result};
  figures.add_certain("npus", answer.npus(), "", "of all instances");
  add_throughputs(answer, figures);
  add_latencies(answer.pools.size() > 1, figures);
  add_service(answer, figures);
  add_engines(answer, figures);
  add_breakdown(answer, figures);
  add_tables(answer, result);
  result.verdict = verdict(answer);
  return result;
}

}  // namespace superpod::scenarios
