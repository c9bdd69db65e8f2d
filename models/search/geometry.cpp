#include "models/search/geometry.hpp"

#include <algorithm>

#include "models/hardware/kernel_time.hpp"
#include "models/training/memory.hpp"
#include "models/transformer/optimizer.hpp"
#include "sim/values/index.hpp"

namespace superpod::models {

Seconds Geometry::to_experts(Bytes size) const {
  return std::max({experts.time(size * copies.to_rank), experts_across.time(size * copies.to_node),
                   experts_inside.time(size * copies.within_node)});
}

Seconds Geometry::to_experts_on_links(Bytes size) const {
  return std::max({experts.per_byte * size * copies.to_rank, experts_across.per_byte * size * copies.to_node,
                   experts_inside.per_byte * size * copies.within_node});
}

Geometer::Geometer(const TrainingWorkload& workload, const Chip& chip, const topology::Wiring& wiring,
                   const LayerKinds& kinds)
    : workload_{workload}, chip_{chip}, wiring_{wiring}, kinds_{kinds}, exchanges_{wiring} {}

Geometry Geometer::geometry(const Parallelism& parallel) {
  Geometry geometry;
  geometry.placement = place(workload_.model.value, parallel, workload_.experts(), wiring_);
  const Placement& at = geometry.placement;
  geometry.tensor = exchanges_.scatter(at.grid, at.tensor, at.pipeline);
  geometry.context = exchanges_.scatter(at.grid, at.context, at.pipeline);
  geometry.neighbour = exchanges_.to_neighbour(at.grid, at.pipeline);
  if (at.shard.expert > 1) bound_experts(geometry);
  const OfCopies copies{exchanges_.scatter(at.grid, at.dense_copies(), at.pipeline),
                        exchanges_.scatter(at.grid, at.expert_copies(), at.pipeline)};
  for (const bool zero : {false, true})
    for (const bool mirrored : {false, true})
      geometry.update[zero][mirrored] = update_of(at, zero, mirrored, copies);
  return geometry;
}

void Geometer::bound_experts(Geometry& geometry) {
  const Placement& at = geometry.placement;
  const std::vector<int> group = at.expert_group();
  std::vector<int> inside;
  ExpertGroup parts{at.shard.expert, 1};
  for (const int d : group)
    if (std::ranges::find(at.expert_across, d) == at.expert_across.end()) inside.push_back(d);
  for (const int d : at.expert_across) parts.nodes *= at.grid[index(d)].size;
  geometry.copies = expert_copies(*workload_.model.value.moe, 1, parts, workload_.expert_all_to_all);
  if (geometry.copies.hierarchical) {
    geometry.experts_across = exchanges_.with_all(at.grid, at.expert_across, at.pipeline);
    if (!inside.empty()) geometry.experts_inside = exchanges_.with_all(at.grid, inside, at.pipeline);
  } else {
    geometry.experts = exchanges_.with_all(at.grid, group, at.pipeline);
  }
}

/// [kind] what an exchange of a byte of each parameter with all copies costs the links of the family on which
/// all layers together take longest.
std::vector<SecondsPerByte> Geometer::on_fullest_family(const OfKinds& parameters,
                                                        const OfCopies& copies) const {
  const auto load = [&](const RankParameters& held, std::size_t family) {
    const auto of = [&](const ExchangeBound& bound) {
      return bound.of_family.empty() ? SecondsPerByte{} : bound.of_family[family];
    };
    return held.dense * of(copies[0]) + held.expert * of(copies[1]);
  };
  const std::size_t families = wiring_.link_families().size();
  std::vector<SecondsPerByte> of_kinds(parameters.size());
  if (families == 0) return of_kinds;
  std::size_t fullest = 0;
  SecondsPerByte most;
  for (std::size_t family = 0; family < families; ++family) {
    SecondsPerByte all;
    for (const int kind : kinds_.kind) all += load(parameters[index(kind)], family);
    if (all > most) most = all, fullest = family;
  }
  for (std::size_t kind = 0; kind < parameters.size(); ++kind)
    of_kinds[kind] = load(parameters[kind], fullest);
  return of_kinds;
}

UpdateBounds Geometer::update_of(const Placement& placement, bool zero, bool mirrored,
                                 const OfCopies& copies) const {
  const OptimizerPlan& plan = workload_.optimizer;
  const Bytes gradient = element_size(plan.gradient), weight = element_size(plan.weights);
  const Bytes state = optimizer_state_per_parameter(plan);
  OfKinds parameters;
  std::vector<double> owned;       // [kind]
  std::vector<Seconds> optimizer;  // [kind]
  for (const int first : kinds_.first) {
    const RankParameters held =
        parameters_on_rank(workload_.model.value, kinds_.layers[index(first)], placement.shard);
    parameters.push_back(held);
    owned.push_back(zero ? parameters_shared(held, placement, mirrored) : held.dense + held.expert);
    optimizer.push_back(owned.back() > 0 ? total_time(optimizer_kernels(owned.back(), plan), chip_)
                                         : Seconds{});
  }
  const std::vector<SecondsPerByte> links = on_fullest_family(parameters, copies);
  UpdateBounds update;
  for (const int kind : kinds_.kind) {
    update.optimizer.push_back(optimizer[index(kind)]);
    update.gather.push_back(zero ? links[index(kind)] * weight : Seconds{});
    update.reduce.push_back(links[index(kind)] * gradient * (zero ? 1 : 2));
    update.state.push_back(owned[index(kind)] * state);
  }
  return update;
}

}  // namespace superpod::models
