#include "scenarios/run/closed_form.hpp"

#include <algorithm>
#include <bit>
#include <set>
#include <string>
#include <variant>

#include "models/collectives/closed_forms.hpp"

namespace superpod::scenarios {
namespace {

using models::Algorithm;
using models::Operation;
using topology::Clos;
using topology::FullMesh;
using topology::Torus;

/// Equal ranks on one network that is theirs alone.
struct Ranks {
  int count = 1;
  const topology::Network* network = nullptr;
  Seconds endpoint, latency;  ///< of a message; of a hop
  BytesPerSecond bandwidth;
};

/// The levels whose digits tell the ranks of a group apart.
std::set<std::string> levels_of(const models::CollectiveWorkload& workload, const topology::Fabric& fabric) {
  std::set<std::string> found;
  for (const topology::Level& level : fabric.levels)
    if (level.count > 1 && (workload.over.empty() || std::ranges::count(workload.over, level.name) > 0))
      found.insert(level.name);
  return found;
}

/// None if a group's ranks are joined by several networks, or in part.
std::optional<Ranks> ranks_of(const models::CollectiveWorkload& workload, const topology::Fabric& fabric) {
  const std::set<std::string> levels = levels_of(workload, fabric);
  Ranks ranks;
  ranks.endpoint = fabric.endpoint_latency.value;
  for (const topology::Level& level : fabric.levels)
    if (levels.contains(level.name)) ranks.count *= level.count;
  for (const topology::Network& network : fabric.networks) {
    const bool touches = std::visit(
        [&](const auto& one) {
          return std::ranges::any_of(one.levels, [&](const auto& level) { return levels.contains(level); });
        },
        network);
    if (touches && ranks.network != nullptr) return std::nullopt;
    if (touches) ranks.network = &network;
  }
  if (ranks.network == nullptr) return std::nullopt;
  return std::visit(
      [&](const auto& one) -> std::optional<Ranks> {
        for (const std::string& level : levels)
          if (std::ranges::count(one.levels, level) == 0) return std::nullopt;
        ranks.latency = one.latency.value;
        ranks.bandwidth = one.efficiency.value * one.bandwidth.value;
        return ranks;
      },
      *ranks.network);
}

std::optional<Seconds> direct_all_to_all(Bytes size, const Ranks& ranks) {
  const auto& network = *ranks.network;
  if (std::holds_alternative<FullMesh>(network))
    return models::direct_all_to_all_time_on_full_mesh(size, ranks.count, ranks.endpoint + ranks.latency,
                                                       ranks.bandwidth);
  if (std::holds_alternative<Clos>(network))
    return models::direct_all_to_all_time_on_switch(size, ranks.count, ranks.endpoint + 2 * ranks.latency,
                                                    ranks.bandwidth);
  if (ranks.latency > Seconds{}) return std::nullopt;
  return models::direct_all_to_all_time_on_torus(size, ranks.count, ranks.endpoint, ranks.bandwidth);
}

std::optional<Seconds> time_of(const models::CollectiveWorkload& workload, const Ranks& ranks) {
  const Seconds latency =
      ranks.endpoint + (std::holds_alternative<Clos>(*ranks.network) ? 2.0 : 1.0) * ranks.latency;
  const auto [operation, algorithm] = std::pair{workload.operation, workload.algorithm};
  if (operation == Operation::all_to_all &&
      (algorithm == Algorithm::direct || algorithm == Algorithm::automatic))
    return direct_all_to_all(workload.size, ranks);
  if (operation == Operation::all_reduce && algorithm == Algorithm::ring)
    return models::ring_all_reduce_time(workload.size, ranks.count, latency, ranks.bandwidth);
  if ((operation == Operation::reduce_scatter || operation == Operation::all_gather) &&
      algorithm == Algorithm::ring)
    return models::ring_reduce_scatter_time(workload.size, ranks.count, latency, ranks.bandwidth);
  const bool halves = operation == Operation::all_reduce && algorithm == Algorithm::halving_doubling &&
                      std::has_single_bit(static_cast<unsigned>(ranks.count));
  if (!halves) return std::nullopt;
  if (std::holds_alternative<Torus>(*ranks.network))
    return models::halving_doubling_all_reduce_time_on_torus(workload.size, ranks.count, ranks.endpoint,
                                                             ranks.latency, ranks.bandwidth);
  return models::halving_doubling_all_reduce_time(workload.size, ranks.count, latency, ranks.bandwidth);
}

/// Whether the network is what the forms are of.
bool is_plain(const Ranks& ranks, std::size_t levels) {
  if (const auto* clos = std::get_if<Clos>(ranks.network)) return clos->tiers.empty() && !clos->rails;
  if (std::holds_alternative<FullMesh>(*ranks.network)) return levels == 1;
  constexpr int least_ring = 3;  // of two, both links join the same pair
  return std::holds_alternative<Torus>(*ranks.network) && levels == 1 && ranks.count >= least_ring;
}

}  // namespace

std::optional<Seconds> closed_form(const models::CollectiveWorkload& workload, const Scenario& on) {
  if (!on.faults.none() || on.system.value.graph) return std::nullopt;
  if (workload.chunks != 1 || !workload.loads.empty() || workload.load_exponent != 0 ||
      !workload.algorithm_of.empty())
    return std::nullopt;
  const topology::Fabric fabric = on.system.value.fabric();
  const auto ranks = ranks_of(workload, fabric);
  if (!ranks || !is_plain(*ranks, levels_of(workload, fabric).size())) return std::nullopt;
  return time_of(workload, *ranks);
}

}  // namespace superpod::scenarios
