#include "scenarios/run/forecast.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <stdexcept>
#include <unordered_set>
#include <utility>
#include <vector>

#include "scenarios/run/memory_limit.hpp"
#include "sim/values/index.hpp"
#include "sim/values/quantity_text.hpp"

namespace superpod::scenarios {
namespace {

using Kind = TaskGraph::Kind;

/// Bytes, and seconds, that one of each takes: planned, simulated and reported. Measured:
/// tests/bench/results.md.
struct Cost {
  double process, rank, occupation, message, wait, dependency, route, hop, link;
};
constexpr Cost bytes{.process = 50e6,
                     .rank = 400,
                     .occupation = 110,
                     .message = 48,
                     .wait = 44,
                     .dependency = 16,
                     .route = 280,
                     .hop = 45,
                     .link = 4500};
constexpr Cost seconds{.process = 0.05,
                       .rank = 1e-6,
                       .occupation = 4e-6,
                       .message = 0.6e-6,
                       .wait = 0.1e-6,
                       .dependency = 0.02e-6,
                       .route = 1e-6,
                       .hop = 0.1e-6,
                       .link = 12e-6};

double sum(const Cost& cost, const Counts& of) {
  return cost.process + cost.rank * of.ranks + cost.occupation * of.occupations + cost.message * of.messages +
         cost.wait * of.waits + cost.dependency * of.dependencies + cost.route * of.routes +
         cost.hop * of.hops + cost.link * of.links;
}

/// With commas: 16,773,120 messages; 1,100 billion messages.
std::string count(double number, const std::string& of_what) {
  if (number >= 1e9) return count(number / 1e9, "billion " + of_what);
  return grouped(std::floor(number)) + " " + of_what;
}

}  // namespace

Counts counts(const models::Work& plan) {
  Counts found;
  found.ranks = static_cast<double>(plan.platform.ranks.size());
  for (const auto& task : plan.work.tasks())
    (task.kind == Kind::occupy ? found.occupations
     : task.kind == Kind::move ? found.messages
                               : found.waits) += 1;
  found.dependencies = static_cast<double>(plan.work.dependencies().size());
  found.routes = static_cast<double>(plan.platform.routes.size());
  for (const auto& route : plan.platform.routes) found.hops += static_cast<double>(route.hops.size());
  found.links = static_cast<double>(plan.platform.links.size());
  return found;
}

Counts counts_one_by_one(const models::Work& folded) {
  const Platform& platform = folded.platform;
  const auto& tasks = folded.work.tasks();
  const auto members = [&](RankId rank) { return platform.ranks[index(rank)].count; };

  std::vector<std::int32_t> befores(tasks.size());
  std::vector<TaskId> begin(tasks.size(), -1);  // [message] what it waits for
  std::vector<RankId> rank(tasks.size(),
                           -1);  // [task] class; of a wait: where it is not the end of an exchange
  for (std::size_t t = 0; t < tasks.size(); ++t)
    if (tasks[t].kind == Kind::occupy) rank[t] = platform.devices[index(tasks[t].target)].rank;
  for (const auto& [before, after] : folded.work.dependencies()) {
    ++befores[index(after)];
    if (tasks[index(after)].kind == Kind::move) begin[index(after)] = before;
    if (tasks[index(after)].kind == Kind::join && rank[index(before)] >= 0)
      rank[index(after)] = rank[index(before)];
  }

  Counts found;
  for (const auto& one : platform.ranks) found.ranks += one.count;
  std::unordered_set<std::uint64_t> exchanges;         // by sender and what it waited for
  std::set<std::pair<std::int32_t, double>> partners;  // of a route: told apart by the sizes of messages
  for (std::size_t t = 0; t < tasks.size(); ++t) {
    const auto& task = tasks[t];
    if (task.kind != Kind::move) {
      if (rank[t] < 0) continue;  // the end of an exchange is counted at its beginning
      (task.kind == Kind::occupy ? found.occupations : found.waits) += members(rank[t]);
      found.dependencies += members(rank[t]) * befores[t];
      continue;
    }
    const auto& route = platform.routes[index(task.target)];
    found.messages += route.flows;
    found.dependencies += route.flows * (befores[t] + 2);  // its sender and its receiver wait for it
    const auto sender = static_cast<std::uint64_t>(static_cast<std::uint32_t>(route.from));
    if (exchanges.insert(sender << 32 | static_cast<std::uint32_t>(begin[t])).second)
      found.waits += members(route.from);
    if (!partners.emplace(task.target, task.amount).second) continue;
    found.routes += route.flows;
    for (const auto& hop : route.hops) found.hops += route.flows * hop.times;
  }
  for (const auto& link : platform.links) found.links += link.count;
  return found;
}

Forecast forecast(models::Detail detail, const Counts& counts) {
  return {detail, counts, Bytes{sum(bytes, counts)}, Seconds{sum(seconds, counts)}, false};
}

std::string Forecast::text() const {
  const bool folded = detail == models::Detail::folded;
  return count(counts.ranks, folded ? "classes of NPUs, " : "NPUs one by one, ") +
         count(counts.messages, folded ? "classes of messages, " : "messages, ") +
         count(counts.occupations, "operations: about ") + superpod::text(memory) + " and " +
         superpod::text(time);
}

void require_room(const Forecast& need) {
  constexpr Bytes hardly_more_than_a_process{64e6};  // looking for limits takes longer than such a run
  if (need.memory < hardly_more_than_a_process) return;
  const MemoryLimit limit = memory_limit();
  if (need.memory < limit.left) return;
  const bool folded = need.detail == models::Detail::folded;
  throw std::runtime_error{
      "this run needs more memory than there is: " + need.text() + ", but only " + text(limit.left) +
      " are " + limit.whose + "\n" +
      (need.on_a_graph
           ? "each message on a graph is planned by itself: halving_doubling needs the fewest, or take a "
             "smaller graph; of a training, fewer microbatches"
       : folded
           ? "take a smaller system, or fewer microbatches"
           : "the folded engine gives the same answer (leave out --engine full); or take a smaller system, "
             "e.g. --set system.levels.0.count=1")};
}

}  // namespace superpod::scenarios
