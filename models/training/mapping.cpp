#include "models/training/mapping.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <stdexcept>

#include "models/transformer/dispatch.hpp"
#include "sim/values/index.hpp"

namespace superpod::models {
namespace {

using topology::Digit;
using topology::Flaw;

std::string_view word(Dimension dimension) {
  return words(dimension)[static_cast<std::size_t>(dimension)].first;
}

/// Ranks of each dimension that are laid on the grid; 0 where they don't come out even.
struct Sizes {
  std::int64_t tensor, context, expert, pipeline, data;
  [[nodiscard]] std::int64_t of(Dimension d) const {
    return d == Dimension::tensor     ? tensor
           : d == Dimension::context  ? context
           : d == Dimension::expert   ? expert
           : d == Dimension::pipeline ? pipeline
                                      : data;
  }
};

Sizes sizes_of(const Parallelism& parallel, std::int64_t npus) {
  const int within = parallel.tensor * parallel.context;
  Sizes sizes{parallel.tensor, parallel.context, parallel.expert > 1 ? parallel.expert / within : 1,
              parallel.pipeline, 0};
  const std::int64_t others = sizes.tensor * sizes.context * sizes.expert * sizes.pipeline;
  if (others > 0 && npus % others == 0) sizes.data = npus / others;
  return sizes;
}

/// Gives the innermost free digits of a grid to one dimension after the other.
class Layout {
 public:
  explicit Layout(topology::Grid grid) : grid_{std::move(grid)}, left_{static_cast<int>(grid_.size())} {}

  /// False when the dimension does not end evenly within a level.
  bool lay(Dimension dimension, std::int64_t ranks) {
    while (ranks > 1) {
      if (left_ == 0) return false;
      const std::int64_t size = grid_[index(left_ - 1)].size;
      if (size > 1 && std::gcd(size, ranks) != std::min(size, ranks)) return false;
      if (size > ranks) {
        topology::split(grid_, left_ - 1, static_cast<int>(ranks));
        ++left_;
      }
      grid_[index(--left_)].name = size > 1 ? word(dimension) : "";
      ranks /= std::min(size, ranks);
    }
    return true;
  }

  /// Ranks that fill up the level that was begun, or the next one; 1 where none is left.
  [[nodiscard]] std::int64_t rest_of_level() const {
    for (int digit = left_; digit-- > 0;)
      if (grid_[index(digit)].size > 1) return grid_[index(digit)].size;
    return 1;
  }

  [[nodiscard]] const topology::Grid& grid() const { return grid_; }
  [[nodiscard]] const std::string& level_in_the_way(const topology::Fabric& fabric) const {
    return fabric.levels[index(grid_[index(std::max(left_ - 1, 0))].level)].name;
  }

 private:
  topology::Grid grid_;
  int left_;  // digits [0, left_) are free
};

/// The dimension that does not come out even, if there is one.
std::optional<Dimension> lay_all(Layout& layout, const std::vector<Dimension>& order, const Sizes& sizes) {
  std::int64_t data_left = sizes.data;
  auto data_to_come = std::ranges::count(order, Dimension::data);
  for (const Dimension dimension : order) {
    std::int64_t ranks = sizes.of(dimension);
    if (dimension == Dimension::data) {
      ranks = --data_to_come > 0 ? layout.rest_of_level() : data_left;
      if (data_left % ranks != 0) return dimension;
      data_left /= ranks;
    }
    if (!layout.lay(dimension, ranks)) return dimension;
  }
  return std::nullopt;
}

std::vector<int> digits_called(const topology::Grid& grid, Dimension dimension) {
  std::vector<int> digits;
  for (int d = static_cast<int>(grid.size()) - 1; d >= 0; --d)
    if (grid[index(d)].name == word(dimension) && grid[index(d)].size > 1) digits.push_back(d);
  return digits;
}

std::vector<int> joined(std::vector<int> a, const std::vector<int>& b) {
  a.insert(a.end(), b.begin(), b.end());
  std::ranges::sort(a, std::greater{});  // innermost first
  return a;
}

/// Each dimension once; `data` more often if one likes, and `context` not at all where there is none.
void check_order(const Parallelism& parallel, std::vector<Flaw>& found) {
  const auto times = [&](Dimension dimension) { return std::ranges::count(parallel.order, dimension); };
  const bool all = times(Dimension::tensor) == 1 && times(Dimension::expert) == 1 &&
                   times(Dimension::pipeline) == 1 && times(Dimension::data) >= 1;
  if (!all || times(Dimension::context) > 1)
    found.push_back({"parallel.order", "the order must name each dimension once",
                     "e.g. [tensor, context, expert, pipeline, data]; only data may come more than once"});
  else if (parallel.context > 1 && times(Dimension::context) == 0)
    found.push_back({"parallel.order", "the order does not say where the context ranks are",
                     "e.g. [tensor, context, expert, pipeline, data]"});
}

void check_groups(const TrainingWorkload& workload, std::vector<Flaw>& found) {
  const Parallelism& p = workload.parallel;
  const int within = p.tensor * p.context;
  if (p.expert > 1 && !workload.model.value.moe)
    found.push_back({"parallel.expert", workload.model.value.name + " has no experts", "leave it out"});
  if (p.expert > 1 && p.expert % within != 0)
    found.push_back({"parallel.expert",
                     "expert " + std::to_string(p.expert) + " is not a multiple of tensor " +
                         std::to_string(p.tensor) +
                         (p.context > 1 ? " x context " + std::to_string(p.context) : ""),
                     p.context > 1 ? "the ranks of the experts include the tensor and the context ranks"
                                   : "the ranks of the experts include the tensor ranks"});
  if (const int chunks = 2 * p.context; p.context > 1 && workload.sequence_length % chunks != 0)
    found.push_back({"sequence_length",
                     std::to_string(workload.sequence_length) + " tokens do not divide into " +
                         std::to_string(chunks) + " chunks for " + std::to_string(p.context) +
                         " context ranks",
                     "a multiple of " + std::to_string(chunks) +
                         ": each rank has a chunk from either end, so that causal work is even"});
}

void check_counts(const TrainingWorkload& workload, std::int64_t npus, std::vector<Flaw>& found) {
  const Parallelism& p = workload.parallel;
  check_order(p, found);
  check_groups(workload, found);
  if (p.virtual_stages > 1 && workload.schedule != Schedule::interleaved)
    found.push_back({"parallel.virtual_stages", "only the interleaved schedule has virtual stages",
                     "schedule: interleaved"});
  if (!found.empty()) return;

  const Sizes sizes = sizes_of(p, npus);
  const std::string context = p.context > 1 ? " x " + std::to_string(p.context) : "";
  const std::string product = std::to_string(p.tensor) + context + " x " + std::to_string(sizes.expert) +
                              " x " + std::to_string(p.pipeline);
  const std::string words = p.context > 1 ? "tensor x context x expert/(tensor x context) x pipeline = "
                                          : "tensor x expert/tensor x pipeline = ";
  if (sizes.data == 0)
    found.push_back({"parallel", words + product + " does not divide " + std::to_string(npus) + " NPUs",
                     "choose sizes whose product divides the system"});
  else if (p.data && *p.data != sizes.data)
    found.push_back({"parallel.data",
                     "data " + std::to_string(*p.data) + " leaves NPUs idle or asks for more than there are",
                     "it is " + std::to_string(sizes.data) + " here: " + std::to_string(npus) + " NPUs / (" +
                         product + ")"});
}

void check_batch(const TrainingWorkload& workload, const Sizes& sizes, std::vector<Flaw>& found) {
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
  const int layers = workload.model.value.layers;
  if (pipe.stages() > layers)
    found.push_back({"parallel.pipeline",
                     std::to_string(pipe.stages()) + " stages for " + std::to_string(layers) + " layers",
                     "each stage needs a layer"});
  if (!workload.layers_per_stage) return;
  const auto& given = *workload.layers_per_stage;
  if (static_cast<int>(given.size()) != pipe.stages())
    found.push_back(
        {"layers_per_stage",
         std::to_string(given.size()) + " counts for " + std::to_string(pipe.stages()) + " stages",
         "one count a stage, first stage first"});
  else if (std::accumulate(given.begin(), given.end(), 0) != layers)
    found.push_back({"layers_per_stage", "the counts do not add up to " + std::to_string(layers) + " layers",
                     "count again"});
}

Shard shard_of(const TrainingWorkload& workload) {
  const Parallelism& p = workload.parallel;
  Shard shard;
  shard.tensor = p.tensor;
  shard.context = p.context;
  shard.expert = p.expert;
  shard.expert_tensor = workload.model.value.moe && p.expert == 1 ? p.tensor : 1;
  return shard;
}

/// Whether it can be said to how many of `parts` equal parts of the experts a token goes.
void check_parts(const Moe& moe, int parts, const std::string& key, std::vector<Flaw>& found) {
  try {
    static_cast<void>(expected_distinct_parts(moe, parts));
  } catch (const std::invalid_argument& why) {
    found.push_back({key, why.what(), "experts, groups and ranks must nest"});
  }
}

void check_model(const TrainingWorkload& workload, std::vector<Flaw>& found) {
  for (const std::string& misfit : misfits(workload.model.value, shard_of(workload)))
    found.push_back({"parallel", misfit, "choose a size that divides it"});
  if (workload.expert_all_to_all != Algorithm::direct &&
      workload.expert_all_to_all != Algorithm::hierarchical)
    found.push_back(
        {"expert_all_to_all", "tokens are dispatched direct or hierarchical", "expert_all_to_all: direct"});
  if (workload.parallel.expert > 1)
    check_parts(*workload.model.value.moe, workload.parallel.expert, "parallel.expert", found);
  if (workload.model.value.moe) {
    const auto of_load = flaws(workload.expert_load, *workload.model.value.moe);
    found.insert(found.end(), of_load.begin(), of_load.end());
  } else if (!std::holds_alternative<BalancedLoad>(workload.expert_load)) {
    found.push_back({"expert_load", workload.model.value.name + " has no experts", "leave it out"});
  }
}

/// Dispatched hierarchically, tokens go to nodes: those are parts of the experts as well.
void check_nodes(const TrainingWorkload& workload, const topology::Wiring& wiring, const topology::Grid& grid,
                 std::vector<Flaw>& found) {
  if (workload.expert_all_to_all != Algorithm::hierarchical || workload.parallel.expert == 1) return;
  int nodes = 1;
  for (const int d :
       joined(joined(digits_called(grid, Dimension::tensor), digits_called(grid, Dimension::context)),
              digits_called(grid, Dimension::expert)))
    if (wiring.network_of(grid[index(d)].level) != 0) nodes *= grid[index(d)].size;
  check_parts(*workload.model.value.moe, nodes, "expert_all_to_all", found);
}

/// One number for all ranks of an expert group that get the same, as exactly as loads are known.
std::vector<int> kinds_of_load(const Mapping& mapping, const std::vector<int>& node_of_rank) {
  constexpr double grain = 1e-11;
  const auto whole = [](double x) { return std::llround(x / grain); };
  std::map<std::array<long long, 3>, int> kinds;
  std::vector<int> kind;
  for (std::size_t rank = 0; rank < node_of_rank.size(); ++rank) {
    const std::array its{whole(mapping.expert_ranks.load[rank]), whole(mapping.expert_ranks.visits[rank]),
                         whole(mapping.expert_nodes.visits[index(node_of_rank[rank])])};
    kind.push_back(kinds.try_emplace(its, static_cast<int>(kinds.size())).first->second);
  }
  return kind;
}

/// Loads of the ranks of an expert group, and the end of their symmetry where they differ.
void load_experts(const TrainingWorkload& workload, const topology::Wiring& wiring, Mapping& mapping) {
  const std::vector<int> group = mapping.expert_group();
  for (const int d : group)
    if (wiring.network_of(mapping.grid[index(d)].level) != 0) mapping.expert_across.push_back(d);
  if (workload.parallel.expert == 1) return;
  const RoutedExperts experts{*workload.model.value.moe, workload.expert_load, workload.expert_placement,
                              workload.parallel.expert};
  if (experts.balanced()) return;

  std::vector<int> node_of_rank;
  int nodes = 1;
  for (const int d : mapping.expert_across) nodes *= mapping.grid[index(d)].size;
  for (int rank = 0; rank < workload.parallel.expert; ++rank) {
    topology::Values values{};
    for (int rest = rank; const int d : group) {
      values[index(d)] = rest % mapping.grid[index(d)].size;
      rest /= mapping.grid[index(d)].size;
    }
    node_of_rank.push_back(topology::place_of(mapping.grid, mapping.expert_across, values));
  }
  mapping.expert_ranks = experts.of_ranks();
  mapping.expert_nodes = experts.of_parts(node_of_rank, nodes);
  topology::distinguish(mapping.grid, group, kinds_of_load(mapping, node_of_rank));
}

}  // namespace

std::vector<int> Mapping::expert_group() const {
  return shard.expert > 1 ? joined(joined(tensor, context), expert) : tensor;
}
std::vector<int> Mapping::dense_copies() const { return joined(joined(context, expert), data); }
std::vector<int> Mapping::expert_copies() const { return shard.expert > 1 ? data : dense_copies(); }

double Mapping::expert_load(const topology::Values& values) const {
  return expert_ranks.load.empty()
             ? 1
             : expert_ranks.load[index(topology::place_of(grid, expert_group(), values))];
}

double Mapping::hottest_expert_load() const {
  return expert_ranks.load.empty() ? 1 : *std::ranges::max_element(expert_ranks.load);
}

int Mapping::stage_rank(const topology::Values& values) const {
  int rank = 0;
  for (auto d = pipeline.rbegin(); d != pipeline.rend(); ++d)
    rank = rank * grid[index(*d)].size + values[index(*d)];
  return rank;
}

topology::Values Mapping::at_pipeline_rank(topology::Values values, int rank) const {
  for (const int d : pipeline) {
    values[index(d)] = rank % grid[index(d)].size;
    rank /= grid[index(d)].size;
  }
  return values;
}

std::vector<Flaw> flaws(const TrainingWorkload& workload, const topology::Fabric& fabric) {
  std::vector<Flaw> found;
  check_counts(workload, npus(fabric), found);
  if (found.empty()) check_model(workload, found);
  if (!found.empty()) return found;
  const Sizes sizes = sizes_of(workload.parallel, npus(fabric));
  check_batch(workload, sizes, found);
  const topology::Wiring wiring{fabric};
  Layout layout{grid_of(wiring)};
  if (const auto uneven = lay_all(layout, workload.parallel.order, sizes)) {
    found.push_back({"parallel.order",
                     std::string{word(*uneven)} + " does not end evenly within level '" +
                         layout.level_in_the_way(fabric) + "'",
                     "sizes must fill the levels, or divide them, from the inside out"});
    return found;
  }
  check_nodes(workload, wiring, layout.grid(), found);
  return found;
}

Mapping map(const TrainingWorkload& workload, const topology::Wiring& wiring) {
  if (const auto found = flaws(workload, wiring.fabric()); !found.empty())
    throw std::invalid_argument{found.front().message};
  const Sizes sizes = sizes_of(workload.parallel, npus(wiring.fabric()));
  Layout layout{grid_of(wiring)};
  lay_all(layout, workload.parallel.order, sizes);

  Mapping mapping;
  mapping.grid = layout.grid();
  mapping.tensor = digits_called(mapping.grid, Dimension::tensor);
  mapping.context = digits_called(mapping.grid, Dimension::context);
  mapping.expert = digits_called(mapping.grid, Dimension::expert);
  mapping.pipeline = digits_called(mapping.grid, Dimension::pipeline);
  mapping.data = digits_called(mapping.grid, Dimension::data);
  mapping.data_ranks = static_cast<int>(sizes.expert * sizes.data);
  mapping.experts_copies =
      static_cast<int>(workload.parallel.expert > 1 ? sizes.data : sizes.context * sizes.expert * sizes.data);
  mapping.shard = shard_of(workload);
  mapping.pipe = {workload.schedule, workload.parallel.pipeline,
                  workload.batch / (workload.microbatch * mapping.data_ranks),
                  workload.parallel.virtual_stages};

  // What the step does leaves each stage by itself, and along the other digits what their collectives leave.
  for (const int d : mapping.pipeline) topology::restrict(mapping.grid[index(d)], Digit::Group::none);
  restrict_for(mapping.grid, wiring, mapping.tensor, Operation::all_gather, Algorithm::hierarchical);
  restrict_for(mapping.grid, wiring, mapping.context, Operation::all_gather, Algorithm::hierarchical);
  restrict_for(mapping.grid, wiring, mapping.dense_copies(), Operation::reduce_scatter,
               Algorithm::hierarchical);
  restrict_for(mapping.grid, wiring, mapping.expert_group(), Operation::all_to_all,
               workload.expert_all_to_all);
  load_experts(workload, wiring, mapping);
  return mapping;
}

Slice slice_of(const TrainingWorkload& workload, const Mapping& mapping) {
  return {mapping.shard,
          {static_cast<double>(workload.microbatch), workload.sequence_length},
          workload.precision};
}

}  // namespace superpod::models
