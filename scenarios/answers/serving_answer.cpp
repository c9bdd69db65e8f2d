#include "scenarios/answers/serving_answer.hpp"

#include <algorithm>
#include <utility>

namespace superpod::scenarios {
namespace {

constexpr double long_wait = 0.1;  // of a request's time

/// What requests wait for that are not admitted.
Limit waits_for(const models::InstanceTotals& totals, int places) {
  constexpr double full = 0.9;
  if (totals.preemptions > 0 || totals.cache_time > full * totals.busy) return Limit::cache;
  return totals.most_running >= places ? Limit::slots : Limit::prompts;
}

}  // namespace

const models::InstanceTotals& writing_totals(const models::FleetRun& run) {
  return run.decode ? *run.decode : run.totals;
}

double ServingAnswer::npus() const {
  double sum = 0;
  for (const PoolAnswer& pool : pools) sum += pool.npus;
  return sum;
}

double ServingAnswer::attainment() const {
  return run.measures.requests > 0 ? run.measures.kept / run.measures.requests : 0;
}

/// Requests that wait a tenth of their time, or longer, tell what they wait for; else iterations do.
ServingAnswer::Bound ServingAnswer::bound() const {
  const models::ServiceMeasures& measures = run.measures;
  const std::size_t last = pools.size() - 1;
  const auto is_long = [&](const models::LogHistogram& wait) {
    return wait.mean() > long_wait * measures.e2e.mean();
  };
  if (is_long(measures.queue)) return {waits_for(run.totals, pools.front().places), 0};
  if (is_long(measures.handover)) return {Limit::handover, last};
  if (is_long(measures.decode_queue)) return {waits_for(totals(last), pools[last].places), last};
  const models::IterationParts& parts = totals(last).parts;
  return {std::max({std::pair{parts.attention, Limit::attention}, std::pair{parts.products, Limit::products},
                    std::pair{parts.experts, Limit::experts}, std::pair{parts.exchange, Limit::exchange},
                    std::pair{parts.head, Limit::head}, std::pair{parts.host, Limit::host}})
              .second,
          last};
}

}  // namespace superpod::scenarios
