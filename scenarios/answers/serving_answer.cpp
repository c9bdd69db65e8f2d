#include "scenarios/answers/serving_answer.hpp"

#include <algorithm>
#include <utility>

namespace superpod::scenarios {

double ServingAnswer::attainment() const {
  return run.measures.requests > 0 ? run.measures.kept / run.measures.requests : 0;
}

/// Requests that wait a tenth of their time, or longer, tell what they wait for; else iterations do.
Limit ServingAnswer::limit() const {
  constexpr double long_wait = 0.1, full = 0.9;
  const models::InstanceTotals& totals = run.totals;
  if (run.measures.queue.mean() > long_wait * run.measures.e2e.mean()) {
    if (totals.preemptions > 0 || totals.cache_time > full * totals.busy) return Limit::cache;
    if (totals.most_running >= max_running) return Limit::slots;
    return Limit::prompts;
  }
  const models::IterationParts& parts = totals.parts;
  return std::max({std::pair{parts.attention, Limit::attention}, std::pair{parts.products, Limit::products},
                   std::pair{parts.experts, Limit::experts}, std::pair{parts.exchange, Limit::exchange},
                   std::pair{parts.head, Limit::head}, std::pair{parts.host, Limit::host}})
      .second;
}

}  // namespace superpod::scenarios
