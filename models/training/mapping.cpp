#include "models/training/mapping.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <string>

#include "models/mapping/placement_flaws.hpp"

namespace superpod::models {
namespace {

using topology::Flaw;

/// Of microbatches through the stages of a pipeline, forward and backward: their tasks take some GB.
constexpr double most_passes = 0x1p19;

void append(std::vector<Flaw>& to, std::vector<Flaw> more) {
  std::ranges::move(more, std::back_inserter(to));
}

void check_groups(const TrainingWorkload& workload, std::vector<Flaw>& found) {
  append(found, flaws_of_groups(workload.model.value, workload.parallel));
  append(found, flaws_of_chunks(workload.parallel, workload.sequence_length));
  if (workload.parallel.virtual_stages > 1 && workload.schedule != Schedule::interleaved)
    found.push_back({"parallel.virtual_stages", "only the interleaved schedule has virtual stages",
                     "schedule: interleaved"});
}

void check_layers(const TrainingWorkload& workload, int stages, std::vector<Flaw>& found) {
  const int layers = workload.model.value.layers;
  append(found, flaws_of_stages(workload.model.value, stages));
  if (!workload.layers_per_stage) return;
  const auto& given = *workload.layers_per_stage;
  if (static_cast<int>(given.size()) != stages)
    found.push_back({"layers_per_stage",
                     std::to_string(given.size()) + " counts for " + std::to_string(stages) + " stages",
                     "one count a stage, first stage first"});
  else if (std::accumulate(given.begin(), given.end(), 0) != layers)
    found.push_back({"layers_per_stage", "the counts do not add up to " + std::to_string(layers) + " layers",
                     "count again"});
}

/// A dualpipe's mirrored cut (stages.cpp) looks at all runs of layers for each pair of ranks, and at all ways
/// to take a part from either end.
void check_mirrored_cut(const TrainingWorkload& workload, const Pipeline& pipe, std::vector<Flaw>& found) {
  if (pipe.schedule != Schedule::dualpipe || workload.layers_per_stage) return;
  const double items = workload.model.value.layers + workload.model.value.mtp_layers + 2.0;
  const double runs = pipe.ranks / 2.0 * items * items, ways = 4 * items / pipe.ranks * items / pipe.ranks;
  constexpr double most_runs = 0x1p24, most_steps = 1e9;
  if (runs > most_runs || runs * ways > most_steps)
    found.push_back({"schedule",
                     std::to_string(workload.model.value.layers) + " layers on " +
                         std::to_string(pipe.ranks) + " ranks of a dualpipe are too many to be cut evenly",
                     "say how with layers_per_stage"});
}

void check_batch(const TrainingWorkload& workload, std::int64_t npus, std::vector<Flaw>& found) {
  const DimensionSizes sizes = sizes_of(workload.parallel, npus);
  const std::int64_t ranks = sizes.expert * sizes.data;
  const std::int64_t together = ranks * workload.microbatch;
  if (workload.batch % together != 0) {
    found.push_back({"batch",
                     std::to_string(workload.batch) + " sequences do not divide into microbatches of " +
                         std::to_string(workload.microbatch) + " on " + std::to_string(ranks) +
                         " data-parallel ranks",
                     "a multiple of " + std::to_string(together)});
    return;
  }
  const Pipeline pipe{workload.schedule, workload.parallel.pipeline,
                      static_cast<int>(workload.batch / together), workload.parallel.virtual_stages};
  if (const auto why = flaw(pipe); !why.empty())
    found.push_back({"schedule",
                     std::string{why} + "; here are " + std::to_string(pipe.ranks) + " ranks and " +
                         std::to_string(pipe.microbatches) + " microbatches",
                     "change batch, microbatch, parallel.pipeline or schedule"});
  if (const double passes = 2.0 * pipe.ranks * pipe.microbatches * pipe.chunks; passes > most_passes)
    found.push_back({"batch",
                     std::to_string(pipe.microbatches) + " microbatches on each of " +
                         std::to_string(pipe.ranks) + " pipeline ranks are too many to be simulated",
                     "fewer sequences, larger microbatches, or more data-parallel ranks"});
  check_layers(workload, pipe.stages(), found);
  check_mirrored_cut(workload, pipe, found);
}

}  // namespace

std::vector<Flaw> flaws(const TrainingWorkload& workload, const topology::Fabric& fabric) {
  const Llm& llm = workload.model.value;
  const ExpertTraffic experts = workload.experts();
  std::vector<Flaw> found;
  check_groups(workload, found);
  if (found.empty()) append(found, flaws_of_shape(llm, workload.parallel, experts, npus(fabric)));
  if (!found.empty()) return found;
  check_batch(workload, npus(fabric), found);
  append(found, flaws_of_layout(llm, workload.parallel, experts, topology::Wiring{fabric}));
  return found;
}

Mapping map(const TrainingWorkload& workload, const topology::Wiring& wiring) {
  if (const auto found = flaws(workload, wiring.fabric()); !found.empty())
    throw std::invalid_argument{found.front().message};
  Mapping mapping{place(workload.model.value, workload.parallel, workload.experts(), wiring), {}};
  mapping.pipe = {workload.schedule, workload.parallel.pipeline,
                  workload.batch / (workload.microbatch * mapping.data_ranks),
                  workload.parallel.virtual_stages};
  return mapping;
}

Slice slice_of(const TrainingWorkload& workload, const Shard& shard) {
  return {shard, {whole_sequences(workload.microbatch, workload.sequence_length)}, workload.precision};
}

}  // namespace superpod::models
