#include "models/search/step_bound.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "models/search/pipeline_bound.hpp"
#include "models/search/slot_bound.hpp"
#include "models/training/memory.hpp"
#include "models/training/operations.hpp"
#include "models/transformer/context_exchange.hpp"
#include "models/transformer/dispatch.hpp"
#include "models/transformer/optimizer.hpp"
#include "sim/values/index.hpp"

namespace superpod::models {
namespace {

double bytes(Bytes size) { return size.in(unit::B); }

/// [layer + 1] sums of what `of_kind` gives for each layer before.
template <class OfLayer>
std::vector<double> sums_of(const LayerKinds& kinds, OfLayer&& of_layer) {
  std::vector<double> sums(kinds.kind.size() + 1);
  for (std::size_t l = 0; l < kinds.kind.size(); ++l) sums[l + 1] = sums[l] + of_layer(l);
  return sums;
}

/// A workload that has just one microbatch for each rank, so that only the shape of the mapping matters.
TrainingWorkload shaped(TrainingWorkload workload, std::int64_t npus) {
  const Parallelism& p = workload.parallel;
  workload.schedule = Schedule::one_f_one_b;
  workload.parallel.virtual_stages = 1;
  workload.microbatch = 1;
  workload.layers_per_stage.reset();
  const std::int64_t others = static_cast<std::int64_t>(p.pipeline) * p.tensor * p.context;
  workload.batch = static_cast<int>(std::max<std::int64_t>(npus / others, 1));
  return workload;
}

}  // namespace

TrainingWorkload with(const TrainingWorkload& workload, const Choice& choice,
                      const std::vector<Dimension>& order) {
  TrainingWorkload result = workload;
  Parallelism& parallel = result.parallel;
  parallel.tensor = choice.tensor;
  parallel.context = choice.context;
  parallel.expert = choice.expert;
  parallel.pipeline = choice.pipeline;
  parallel.virtual_stages = choice.virtual_stages;
  parallel.zero = choice.zero;
  parallel.data.reset();
  parallel.order = order;
  result.microbatch = choice.microbatch;
  result.batch = choice.batch;
  result.schedule = choice.schedule;
  result.recompute = choice.recompute;
  return result;
}

StepBounds::StepBounds(const TrainingWorkload& workload, const Chip& chip, const topology::Wiring& wiring)
    : workload_{workload},
      chip_{chip},
      wiring_{wiring},
      kinds_{kinds_of_layers(workload.model.value)},
      exchanges_{wiring} {
  workload_.model.value.facts.clear();
}

std::string StepBounds::misfit(const Choice& choice, const std::vector<Dimension>& order) const {
  const auto found = flaws(shaped(with(workload_, choice, order), npus(wiring_.fabric())), wiring_.fabric());
  return found.empty() ? std::string{} : found.front().message;
}

Geometry StepBounds::geometry(const Choice& choice, const std::vector<Dimension>& order) {
  const TrainingWorkload workload = shaped(with(workload_, choice, order), npus(wiring_.fabric()));
  Geometry geometry;
  geometry.mapping = map(workload, wiring_);
  const Mapping& m = geometry.mapping;
  geometry.tensor = exchanges_.scatter(m.grid, m.tensor, m.pipeline);
  geometry.context = exchanges_.scatter(m.grid, m.context, m.pipeline);
  geometry.neighbour = exchanges_.to_neighbour(m.grid, m.pipeline);
  if (m.shard.expert > 1) {
    const std::vector<int> group = m.expert_group();
    std::vector<int> inside;
    std::vector<int> across;
    int nodes = 1;
    for (const int d : group) {
      const bool in_node = wiring_.network_of(m.grid[index(d)].level) == 0;
      (in_node ? inside : across).push_back(d);
      if (!in_node) nodes *= m.grid[index(d)].size;
    }
    const Moe& moe = *workload_.model.value.moe;
    const double copies = expected_distinct_parts(moe, m.shard.expert);
    if (workload_.expert_all_to_all == Algorithm::hierarchical && nodes > 1) {
      geometry.for_each_node = expected_distinct_parts(moe, nodes) / nodes;
      geometry.within_node = copies * nodes / m.shard.expert;
      geometry.experts_across = exchanges_.with_all(m.grid, across, m.pipeline);
      if (!inside.empty()) geometry.experts_inside = exchanges_.with_all(m.grid, inside, m.pipeline);
    } else {
      geometry.for_each_rank = copies / m.shard.expert;
      geometry.experts = exchanges_.with_all(m.grid, group, m.pipeline);
    }
  }
  const std::array copies{exchanges_.scatter(m.grid, m.dense_copies(), m.pipeline),
                          exchanges_.scatter(m.grid, m.expert_copies(), m.pipeline)};
  for (const bool zero : {false, true})
    for (const bool mirrored : {false, true})
      geometry.update[zero][mirrored] = update_of(geometry, zero, mirrored, copies);
  return geometry;
}

Geometry::Update StepBounds::update_of(const Geometry& geometry, bool zero, bool mirrored,
                                       const std::array<ExchangeBound, 2>& copies) const {
  TrainingWorkload workload = workload_;
  workload.parallel.zero = zero ? 1 : 0;
  workload.schedule = mirrored ? Schedule::dualpipe : Schedule::one_f_one_b;
  const double gradient = bytes(element_size(workload.optimizer.gradient));
  const double weight = bytes(element_size(workload.optimizer.weights));
  const double state = bytes(optimizer_state_per_parameter(workload.optimizer));
  const std::size_t families = wiring_.link_families().size();
  const auto load = [&](const RankParameters& parameters, std::size_t family) {
    const auto of = [&](const ExchangeBound& bound) {
      return bound.of_family.empty() ? 0.0 : bound.of_family[family];
    };
    return parameters.dense * of(copies[0]) + parameters.expert * of(copies[1]);
  };

  std::vector<RankParameters> parameters;  // [kind]
  std::vector<double> optimizer, owned;    // [kind]
  for (const int first : kinds_.first) {
    const Layer& layer = kinds_.layers[index(first)];
    parameters.push_back(parameters_on_rank(workload.model.value, layer, geometry.mapping.shard));
    owned.push_back(parameters_owned(workload, geometry.mapping, layer));
    optimizer.push_back(
        owned.back() > 0 ? total_time(optimizer_kernels(owned.back(), workload.optimizer), chip_).in(unit::s)
                         : 0);
  }
  std::size_t fullest = 0;  // the family of links on which all layers together take longest
  double most = 0;
  for (std::size_t family = 0; family < families; ++family) {
    double all = 0;
    for (const int kind : kinds_.kind) all += load(parameters[index(kind)], family);
    if (all > most) most = all, fullest = family;
  }
  Geometry::Update update;
  for (const int kind : kinds_.kind) {
    const double links = families > 0 ? load(parameters[index(kind)], fullest) : 0;
    update.optimizer.push_back(optimizer[index(kind)]);
    update.gather.push_back(zero ? links * weight : 0);
    update.reduce.push_back(links * gradient * (zero ? 1 : 2));
    update.state.push_back(owned[index(kind)] * state);
  }
  return update;
}

SliceProfile& StepBounds::profile_of(const Geometry& geometry, const TrainingWorkload& workload) {
  const Shard& shard = geometry.mapping.shard;
  const auto [at, added] =
      profiles_.try_emplace({shard.tensor, shard.context, shard.expert, shard.expert_tensor,
                             workload.microbatch, static_cast<int>(workload.recompute)});
  SliceProfile& profile = at->second;
  if (!added) return profile;
  profile.kinds = models::profile(workload, chip_, geometry.mapping, kinds_);
  for (const int kind : kinds_.kind) profile.costs.push_back(profile.kinds[index(kind)].cost);
  return profile;
}

LayerSums StepBounds::sums(const Geometry& geometry, const Choice& choice,
                           const std::vector<Dimension>& order) {
  const TrainingWorkload workload = with(workload_, choice, order);
  const Llm& llm = workload.model.value;
  LayerSums sums;
  sums.profile = &profile_of(geometry, workload);
  const auto& profiles = sums.profile->kinds;

  const Slice slice = slice_of(workload, geometry.mapping.shard);
  const double tokens = slice.own_tokens();
  const double gathered = bytes(slice.tokens() * llm.hidden * element_size(workload.precision.state));
  const double keys = slice.shard.context > 1 ? bytes(keys_and_values(llm, slice)) : 0;
  const double dispatched = llm.moe ? tokens * bytes(dispatch_size(llm, workload.precision)) : 0;
  const double combined = llm.moe ? tokens * bytes(combine_size(llm, workload.precision)) : 0;
  const auto to_experts = [&](double size) {
    return std::max(geometry.experts.time(size * geometry.for_each_rank),
                    std::max(geometry.experts_across.time(size * geometry.for_each_node),
                             geometry.experts_inside.time(size * geometry.within_node)));
  };
  const auto on_links = [&](double size) {
    return std::max(geometry.experts.per_byte * size * geometry.for_each_rank,
                    std::max(geometry.experts_across.per_byte * size * geometry.for_each_node,
                             geometry.experts_inside.per_byte * size * geometry.within_node));
  };
  const ExchangeTimes times{0,
                            geometry.tensor.time(gathered),
                            geometry.tensor.time(gathered),
                            geometry.context.time(keys),
                            geometry.context.time(keys),
                            to_experts(dispatched),
                            to_experts(combined)};
  ExchangeTimes links{};  // what exchanges with experts cost the fullest links, without latency
  links[static_cast<std::size_t>(Op::Kind::dispatch)] = on_links(dispatched);
  links[static_cast<std::size_t>(Op::Kind::combine)] = on_links(combined);

  struct OfKind {
    double forward, chain, chain_of_weights, beside, links;
  };
  std::vector<OfKind> of_kinds;
  double slack =
      0;  // by which a chain that runs through gradients of weights is ahead of the layer's own end
  for (const LayerProfile& profile : profiles) {
    of_kinds.push_back({profile.forward.chain(times), profile.backward.chain(times),
                        profile.backward.chain_of_weights(times), profile.backward_beside.chain(times),
                        profile.forward.exchanges(links) + profile.backward_beside.exchanges(links)});
    slack = std::max(slack, of_kinds.back().chain_of_weights - of_kinds.back().chain);
  }
  const auto of = [&](std::size_t layer) -> const OfKind& { return of_kinds[index(kinds_.kind[layer])]; };
  const auto profile = [&](std::size_t layer) -> const LayerProfile& {
    return profiles[index(kinds_.kind[layer])];
  };
  sums.forward = sums_of(
      kinds_, [&](std::size_t l) { return std::max(of(l).forward, profile(l).forward.computation()); });
  sums.backward = sums_of(kinds_, [&](std::size_t l) { return profile(l).backward.computation(); });
  const auto plain = sums_of(kinds_, [&](std::size_t l) { return of(l).chain; });
  const auto through_weights = sums_of(kinds_, [&](std::size_t l) {
    return of(l).chain_of_weights > 0 ? of(l).chain_of_weights : std::max(0.0, of(l).chain - slack);
  });
  sums.backward_chain = plain.back() > through_weights.back() ? plain : through_weights;
  sums.kernels = sums_of(kinds_, [&](std::size_t l) {
    return profile(l).forward.computation() + profile(l).backward_beside.computation();
  });
  sums.forward_chain = sums_of(kinds_, [&](std::size_t l) { return of(l).forward; });
  sums.beside_chain = sums_of(kinds_, [&](std::size_t l) { return of(l).beside; });
  sums.links = sums_of(kinds_, [&](std::size_t l) { return of(l).links; });
  sums.forward_kernels = sums_of(kinds_, [&](std::size_t l) { return profile(l).forward.computation(); });
  sums.weights = sums_of(kinds_, [&](std::size_t l) { return profile(l).backward_weights; });
  sums.trailing = *std::ranges::max_element(times);
  sums.lasting = sums_of(
      kinds_, [&](std::size_t l) { return bytes(profile(l).memory.weights + profile(l).memory.gradients); });
  sums.activations = sums_of(kinds_, [&](std::size_t l) { return bytes(profile(l).memory.activations); });
  for (std::size_t l = 0; l < kinds_.kind.size(); ++l) sums.again.push_back(bytes(profile(l).memory.again));
  Mapping one_pass = geometry.mapping;
  one_pass.pipe.schedule = Schedule::one_f_one_b;
  sums.buffers = bytes(buffers(workload, one_pass, slice));
  sums.transfer =
      geometry.neighbour.time(bytes(tokens * llm.hidden * element_size(workload.precision.state)));
  return sums;
}

const std::vector<std::vector<int>>& StepBounds::held(const Pipeline& pipe) {
  Pipeline steady = pipe;  // what is held does not grow any more with further microbatches
  steady.microbatches = std::min(pipe.microbatches, 4 * pipe.ranks);
  const auto [at, added] =
      held_.try_emplace({static_cast<int>(pipe.schedule), pipe.ranks, steady.microbatches, steady.chunks});
  if (added)
    for (const auto& of_rank : slots(steady)) {
      std::vector<int> most;
      for (const auto& moment : most_held(of_rank, steady.chunks_held()))
        if (most.empty() ||
            std::accumulate(moment.begin(), moment.end(), 0) > std::accumulate(most.begin(), most.end(), 0))
          most = moment;
      at->second.push_back(most);
    }
  return at->second;
}

StepBound StepBounds::bound(const Geometry& geometry, const LayerSums& sums, const Choice& choice) {
  const bool mirrored = choice.schedule == Schedule::dualpipe;
  const Pipeline pipe{choice.schedule, choice.pipeline,
                      choice.batch / (choice.microbatch * geometry.mapping.data_ranks),
                      choice.virtual_stages};
  const PipelineCase work{pipe, sums, geometry.update[choice.zero == 1][mirrored], held(pipe),
                          chip_.memory->value.in(unit::B)};
  const int stages = pipe.stages();
  const auto [at, added] = sums.profile->cuts.try_emplace(stages);
  if (added) at->second = balanced_counts(sums.profile->costs, stages);
  return mirrored ? bound_of_dualpipe(work, at->second) : bound_in_turn(work, at->second);
}

StepBound StepBounds::refined(const Choice& choice, const std::vector<Dimension>& order) {
  const TrainingWorkload workload = with(workload_, choice, order);
  const Mapping mapping = map(workload, wiring_);
  const std::vector<Stage> stages = stages_of(workload, chip_, mapping);
  StepBound bound;
  for (const RankMemory& of_rank : memory(workload, mapping, stages))
    bound.memory = std::max(bound.memory, bytes(of_rank.total()));
  bound.fits = bound.memory <= bytes(chip_.memory->value);
  if (!bound.fits) return bound;
  std::vector<int> counts;
  for (const Stage& stage : stages) counts.push_back(static_cast<int>(stage.size()));
  const Geometry geometry = this->geometry(choice, order);
  const bool mirrored = choice.schedule == Schedule::dualpipe;
  bound.step = slot_bound(mapping.pipe, counts, sums(geometry, choice, order),
                          geometry.update[choice.zero == 1][mirrored]);
  return bound;
}

}  // namespace superpod::models
