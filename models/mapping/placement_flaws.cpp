#include "models/mapping/placement_flaws.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "models/mapping/layout.hpp"
#include "models/mapping/model_flaws.hpp"
#include "models/mapping/shard.hpp"
#include "models/transformer/dispatch.hpp"

namespace superpod::models {
namespace {

using topology::Flaw;

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

void check_sizes(const Parallelism& p, std::int64_t npus, std::vector<Flaw>& found) {
  const DimensionSizes sizes = sizes_of(p, npus);
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

/// Whether it can be said to how many of `parts` equal parts of the experts a token goes.
void check_parts(const Moe& moe, int parts, const std::string& key, std::vector<Flaw>& found) {
  try {
    static_cast<void>(expected_distinct_parts(moe, parts));
  } catch (const std::invalid_argument& why) {
    found.push_back({key, why.what(), "experts, groups and ranks must nest"});
  }
}

void check_experts(const Llm& llm, const Parallelism& parallel, const ExpertTraffic& experts,
                   std::vector<Flaw>& found) {
  if (experts.all_to_all != Algorithm::direct && experts.all_to_all != Algorithm::hierarchical)
    found.push_back(
        {"expert_all_to_all", "tokens are dispatched direct or hierarchical", "expert_all_to_all: direct"});
  if (parallel.expert > 1) check_parts(*llm.moe, parallel.expert, "parallel.expert", found);
  if (llm.moe) {
    const auto of_load = flaws(experts.load, *llm.moe);
    found.insert(found.end(), of_load.begin(), of_load.end());
  } else if (!std::holds_alternative<BalancedLoad>(experts.load)) {
    found.push_back({"expert_load", llm.name + " has no experts", "leave it out"});
  }
}

/// Dispatched hierarchically, tokens go to nodes: those are parts of the experts as well.
void check_nodes(const Moe& moe, const topology::Wiring& wiring, const topology::Grid& grid,
                 std::vector<Flaw>& found) {
  int nodes = 1;
  for (const Dimension dimension : {Dimension::tensor, Dimension::context, Dimension::expert})
    for (const int d : digits_of(grid, dimension)) {
      const topology::Digit& digit = grid[static_cast<std::size_t>(d)];
      if (wiring.network_of(digit.level) != 0) nodes *= digit.size;
    }
  check_parts(moe, nodes, "expert_all_to_all", found);
}

}  // namespace

std::vector<Flaw> flaws(const Llm& llm, const Parallelism& parallel, const ExpertTraffic& experts,
                        const topology::Wiring& wiring) {
  std::vector<Flaw> found = flaws_of_groups(llm, parallel);
  if (found.empty()) found = flaws_of_shape(llm, parallel, experts, npus(wiring.fabric()));
  if (found.empty()) found = flaws_of_layout(llm, parallel, experts, wiring);
  return found;
}

std::vector<Flaw> flaws_of_groups(const Llm& llm, const Parallelism& p) {
  std::vector<Flaw> found = flaws(llm);
  check_order(p, found);
  if (p.expert > 1 && !llm.moe)
    found.push_back({"parallel.expert", llm.name + " has no experts", "leave it out"});
  if (p.expert > 1 && p.expert % (std::int64_t{p.tensor} * p.context) != 0)
    found.push_back({"parallel.expert",
                     "expert " + std::to_string(p.expert) + " is not a multiple of tensor " +
                         std::to_string(p.tensor) +
                         (p.context > 1 ? " x context " + std::to_string(p.context) : ""),
                     p.context > 1 ? "the ranks of the experts include the tensor and the context ranks"
                                   : "the ranks of the experts include the tensor ranks"});
  return found;
}

std::vector<Flaw> flaws_of_shape(const Llm& llm, const Parallelism& parallel, const ExpertTraffic& experts,
                                 std::int64_t npus) {
  std::vector<Flaw> found;
  check_sizes(parallel, npus, found);
  if (!found.empty()) return found;
  for (const std::string& misfit : misfits(llm, shard_of(llm, parallel)))
    found.push_back({"parallel", misfit, "choose a size that divides it"});
  check_experts(llm, parallel, experts, found);
  return found;
}

std::vector<Flaw> flaws_of_layout(const Llm& llm, const Parallelism& parallel, const ExpertTraffic& experts,
                                  const topology::Wiring& wiring) {
  const topology::Fabric& fabric = wiring.fabric();
  const Layout layout = laid_out(parallel, grid_of(wiring), npus(fabric));
  if (layout.uneven)
    return {{"parallel.order",
             std::string{word(*layout.uneven)} + " does not end evenly within level '" +
                 fabric.levels[static_cast<std::size_t>(layout.level_in_the_way)].name + "'",
             "sizes must fill the levels, or divide them, from the inside out"}};
  std::vector<Flaw> found;
  if (experts.all_to_all == Algorithm::hierarchical && parallel.expert > 1)
    check_nodes(*llm.moe, wiring, layout.grid, found);
  return found;
}

std::vector<Flaw> flaws_of_chunks(const Parallelism& parallel, int sequence_length) {
  const std::int64_t chunks = 2 * std::int64_t{parallel.context};
  if (parallel.context == 1 || sequence_length % chunks == 0) return {};
  return {{"sequence_length",
           std::to_string(sequence_length) + " tokens do not divide into " + std::to_string(chunks) +
               " chunks for " + std::to_string(parallel.context) + " context ranks",
           "a multiple of " + std::to_string(chunks) +
               ": each rank has a chunk from either end, so that causal work is even"}};
}

std::vector<Flaw> flaws_of_stages(const Llm& llm, int stages) {
  if (stages <= llm.layers) return {};
  return {{"parallel.pipeline",
           std::to_string(stages) + " stages for " + std::to_string(llm.layers) + " layers",
           "each stage needs a layer"}};
}

}  // namespace superpod::models
