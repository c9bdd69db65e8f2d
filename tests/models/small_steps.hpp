/// Training steps that are small enough for full simulations.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "models/training/step.hpp"
#include "tests/models/small_fabrics.hpp"
#include "tests/models/small_models.hpp"

namespace superpod::models {

/// 8 microbatches on 64 ranks.
inline TrainingWorkload workload_of(const Llm& llm, int tensor, int expert, int pipeline, Schedule schedule) {
  TrainingWorkload workload;
  workload.model.value = llm;
  workload.sequence_length = 512;
  workload.parallel.tensor = tensor;
  workload.parallel.expert = expert;
  workload.parallel.pipeline = pipeline;
  workload.schedule = schedule;
  workload.parallel.virtual_stages = schedule == Schedule::interleaved ? 2 : 1;
  workload.batch = 8 * 64 / (tensor * pipeline);
  return workload;
}

inline topology::Fabric fabric_named(const std::string& name) {
  for (const auto& [its_name, fabric] : small_fabrics())
    if (its_name == name) return fabric;
  throw std::logic_error{"no fabric " + name};
}

/// Some link of the outermost network at half speed.
inline std::vector<topology::Degraded> half_speed(const topology::Wiring& wiring) {
  const int family = static_cast<int>(wiring.link_families().size()) - 1;
  const auto& its = wiring.link_families()[static_cast<std::size_t>(family)];
  topology::LinkKey key{family, {}, topology::absent};
  for (std::size_t level = 0; level < topology::max_levels; ++level)
    key.at[level] = its.has[level] ? 1 : topology::absent;
  if (its.kind == topology::LinkFamily::Kind::mesh) key.other = 2;
  return {{key, 0.5}};
}

/// Layers that all cost the same, on a chip and network where nothing but their GEMMs takes time: attention
/// over one token is nothing beside them, and so are an embedding and a head for one word. Then F = B - W = W
/// to about 1e-4.
struct EqualStages {
  TrainingWorkload workload;
  Chip chip = small_chip();
  topology::Wiring wiring;

  EqualStages(Schedule schedule, int ranks, int chunks, int microbatches) : wiring{network(ranks)} {
    using namespace unit;
    const int stages = schedule == Schedule::interleaved ? ranks * chunks : ranks;
    Llm& llm = workload.model.value;
    llm = small_dense();
    llm.layers = 2 * stages;
    llm.vocab = 1;
    workload.layers_per_stage = std::vector<int>(static_cast<std::size_t>(stages), 2);
    workload.sequence_length = 1;
    workload.batch = microbatches;
    workload.schedule = schedule;
    workload.parallel.pipeline = ranks;
    workload.parallel.virtual_stages = chunks;
    workload.precision.gemm = Precision::bf16;
    workload.recompute = Recompute::none;
    chip.memory_bandwidth = 1e12 * TB / s;
    chip.launch_overhead = 0 * s;
  }
  static topology::Fabric network(int ranks) {
    using namespace unit;
    return {
        {{"npu", ranks}}, {topology::FullMesh{"mesh", {"npu"}, {1e12 * GB / s}, {0 * s}, {1.0}}}, {0 * s}};
  }
};

}  // namespace superpod::models
