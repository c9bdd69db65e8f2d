#include "models/mapping/placement.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <stdexcept>

#include "models/mapping/placement_flaws.hpp"
#include "sim/values/index.hpp"

namespace superpod::models {
namespace {

using topology::Digit;

/// What the work does leaves each stage by itself, and along the other digits what their collectives leave.
void keep_symmetry(const topology::Wiring& wiring, Algorithm expert_all_to_all, Placement& placement) {
  topology::Grid& grid = placement.grid;
  for (const int d : placement.pipeline) topology::restrict(grid[index(d)], Digit::Group::none);
  restrict_for(grid, wiring, placement.tensor, Operation::all_gather, Algorithm::hierarchical);
  restrict_for(grid, wiring, placement.context, Operation::all_gather, Algorithm::hierarchical);
  restrict_for(grid, wiring, placement.dense_copies(), Operation::reduce_scatter, Algorithm::hierarchical);
  restrict_for(grid, wiring, placement.expert_group(), Operation::all_to_all, expert_all_to_all);
}

/// [place in the expert group] place on `expert_across`.
std::vector<int> nodes_of_ranks(const Placement& placement, const std::vector<int>& group) {
  std::vector<int> nodes;
  for (int rank = 0; rank < placement.shard.expert; ++rank) {
    topology::Values values{};
    for (int rest = rank; const int d : group) {
      values[index(d)] = rest % placement.grid[index(d)].size;
      rest /= placement.grid[index(d)].size;
    }
    nodes.push_back(topology::place_of(placement.grid, placement.expert_across, values));
  }
  return nodes;
}

/// One number for all ranks of an expert group that get the same, as exactly as loads are known.
std::vector<int> kinds_of_load(const Placement& placement, const std::vector<int>& node_of_rank) {
  constexpr double grain = 1e-11;
  const auto whole = [](double x) { return std::llround(x / grain); };
  std::map<std::array<long long, 3>, int> kinds;
  std::vector<int> kind;
  for (std::size_t rank = 0; rank < node_of_rank.size(); ++rank) {
    const std::array its{whole(placement.expert_ranks.load[rank]), whole(placement.expert_ranks.visits[rank]),
                         whole(placement.expert_nodes.visits[index(node_of_rank[rank])])};
    kind.push_back(kinds.try_emplace(its, static_cast<int>(kinds.size())).first->second);
  }
  return kind;
}

/// Loads of the ranks of an expert group, and the end of their symmetry where they differ.
void load_experts(const Llm& llm, const ExpertTraffic& traffic, Placement& placement) {
  if (placement.shard.expert == 1) return;
  const RoutedExperts experts{*llm.moe, traffic.load, traffic.placement, placement.shard.expert};
  if (experts.balanced()) return;
  const std::vector<int> group = placement.expert_group();
  const std::vector<int> node_of_rank = nodes_of_ranks(placement, group);
  int nodes = 1;
  for (const int d : placement.expert_across) nodes *= placement.grid[index(d)].size;
  placement.expert_ranks = experts.of_ranks();
  placement.expert_nodes = experts.of_parts(node_of_rank, nodes);
  topology::distinguish(placement.grid, group, kinds_of_load(placement, node_of_rank));
}

}  // namespace

std::vector<int> Placement::expert_group() const {
  return shard.expert > 1 ? joined(joined(tensor, context), expert) : tensor;
}
std::vector<int> Placement::dense_copies() const { return joined(joined(context, expert), data); }
std::vector<int> Placement::expert_copies() const { return shard.expert > 1 ? data : dense_copies(); }

double Placement::expert_load(const topology::Values& values) const {
  return expert_ranks.load.empty()
             ? 1
             : expert_ranks.load[index(topology::place_of(grid, expert_group(), values))];
}

double Placement::hottest_expert_load() const {
  return expert_ranks.load.empty() ? 1 : *std::ranges::max_element(expert_ranks.load);
}

int Placement::stage_rank(const topology::Values& values) const {
  int rank = 0;
  for (auto d = pipeline.rbegin(); d != pipeline.rend(); ++d)
    rank = rank * grid[index(*d)].size + values[index(*d)];
  return rank;
}

topology::Values Placement::at_pipeline_rank(topology::Values values, int rank) const {
  for (const int d : pipeline) {
    values[index(d)] = rank % grid[index(d)].size;
    rank /= grid[index(d)].size;
  }
  return values;
}

Placement laid_on(topology::Grid grid, std::int64_t npus, const Llm& llm, const Parallelism& parallel) {
  const DimensionSizes sizes = sizes_of(parallel, npus);
  Placement placement;
  placement.grid = laid_out(parallel, std::move(grid), npus).grid;
  placement.tensor = digits_of(placement.grid, Dimension::tensor);
  placement.context = digits_of(placement.grid, Dimension::context);
  placement.expert = digits_of(placement.grid, Dimension::expert);
  placement.pipeline = digits_of(placement.grid, Dimension::pipeline);
  placement.data = digits_of(placement.grid, Dimension::data);
  placement.data_ranks = static_cast<int>(sizes.expert * sizes.data);
  placement.experts_copies =
      static_cast<int>(parallel.expert > 1 ? sizes.data : sizes.context * sizes.expert * sizes.data);
  placement.shard = shard_of(llm, parallel);
  return placement;
}

Placement place(const Llm& llm, const Parallelism& parallel, const ExpertTraffic& experts,
                const topology::Wiring& wiring) {
  if (const auto found = flaws(llm, parallel, experts, wiring); !found.empty())
    throw std::invalid_argument{found.front().message};
  Placement placement = laid_on(grid_of(wiring), npus(wiring.fabric()), llm, parallel);
  for (const int d : placement.expert_group())
    if (wiring.network_of(placement.grid[index(d)].level) != 0) placement.expert_across.push_back(d);
  keep_symmetry(wiring, experts.all_to_all, placement);
  load_experts(llm, experts, placement);
  return placement;
}

}  // namespace superpod::models
