// What each rank sends, against the amounts that the literature gives.
#include <gtest/gtest.h>

#include <cmath>

#include "models/collectives/workload.hpp"
#include "models/training/step.hpp"
#include "models/transformer/dispatch.hpp"
#include "tests/models/small_fabrics.hpp"

namespace superpod::models {
namespace {

using namespace unit;

constexpr double rounding = 1e-12;
constexpr Bytes size = 64 * MB;

/// [rank] bytes that leave it, over moves whose label's cause is `cause`.
std::vector<double> sent(const Work& plan, const std::string& cause) {
  std::vector<double> bytes(plan.platform.ranks.size());
  for (const auto& task : plan.work.tasks()) {
    if (task.kind != TaskGraph::Kind::move ||
        plan.work.labels()[static_cast<std::size_t>(task.label)].cause != cause)
      continue;
    const auto& route = plan.platform.routes[static_cast<std::size_t>(task.target)];
    const auto from = static_cast<std::size_t>(route.from);
    bytes[from] += task.amount * route.flows / plan.platform.ranks[from].count;
  }
  return bytes;
}

/// In vectors of `size`, what a rank of a group sends on a grid of `sizes`, innermost level first.
double textbook(Operation operation, Algorithm algorithm, const std::vector<int>& sizes) {
  double ranks = 1, along_each = 0, doublings = 0;
  for (const int size_of_level : sizes) {
    ranks *= size_of_level;
    along_each += (size_of_level - 1.0) / size_of_level;
    doublings += std::log2(size_of_level);
  }
  const double once =
      (ranks - 1) / ranks;  // a lower bound, which all algorithms here reach; Thakur et al., section 4
  if (operation == Operation::all_reduce) return 2 * once;
  if (operation != Operation::all_to_all) return once;
  if (algorithm == Algorithm::direct) return once;
  return algorithm == Algorithm::halving_doubling ? doublings / 2
                                                  : along_each;  // Bruck: half of the vector each time
}

TEST(Traffic, EachRankSendsWhatTheTextbookSays) {
  for (const auto& [name, fabric] : small_fabrics()) {
    std::vector<int> sizes;
    for (auto level = fabric.levels.rbegin(); level != fabric.levels.rend(); ++level)
      sizes.push_back(level->count);
    const topology::Wiring wiring{fabric};
    for (const auto operation :
         {Operation::all_reduce, Operation::reduce_scatter, Operation::all_gather, Operation::all_to_all})
      for (const auto algorithm :
           {Algorithm::ring, Algorithm::halving_doubling, Algorithm::direct, Algorithm::hierarchical}) {
        CollectiveWorkload workload;
        workload.operation = operation;
        workload.algorithm = algorithm;
        workload.size = size;
        if (!flaws(workload, fabric).empty()) continue;
        const std::string cause{operation.word()};
        const double expected = textbook(operation, algorithm, sizes) * size.in(B);
        for (const double bytes : sent(plan(workload, wiring, Detail::folded), cause))
          EXPECT_NEAR(bytes, expected, rounding * expected)
              << name << " " << cause << " " << algorithm.word();
      }
  }
}

TEST(Traffic, BroadcastSendsTheVectorOnceToEachOtherRank) {
  for (const auto& [name, fabric] : small_fabrics())
    for (const auto algorithm : {Algorithm::halving_doubling, Algorithm::direct, Algorithm::hierarchical}) {
      CollectiveWorkload workload;
      workload.operation = Operation::broadcast;
      workload.algorithm = algorithm;
      workload.size = size;
      const topology::Wiring wiring{fabric};
      const Work planned = plan(workload, wiring, Detail::folded);
      double all = 0;
      const auto bytes = sent(planned, "broadcast");
      for (std::size_t rank = 0; rank < bytes.size(); ++rank)
        all += bytes[rank] * planned.platform.ranks[rank].count;
      const double expected = static_cast<double>(npus(fabric) - 1) * size.in(B);
      EXPECT_NEAR(all, expected, rounding * expected) << name;
    }
}

/// 64 ranks in 8 nodes of 8: all tokens of the step, through one MoE layer and back.
struct MoeStep {
  TrainingWorkload workload;
  topology::Wiring wiring{fabric()};

  MoeStep(Algorithm algorithm, int experts) {
    Llm& llm = workload.model.value;
    llm.name = "one MoE layer";
    llm.layers = 1;
    llm.hidden = 1024;
    llm.vocab = 32000;
    llm.attention = Gqa{16, 4, 64};
    llm.moe = Moe{64, 4, 1, 512, 0, 8, 4};
    workload.sequence_length = 512;
    workload.batch = 64;
    workload.parallel.expert = experts;
    workload.expert_all_to_all = algorithm;
    workload.recompute = Recompute::none;
  }
  static topology::Fabric fabric() {
    for (const auto& [name, one] : small_fabrics())
      if (name == "board mesh in pod Clos 8x8") return one;
    throw std::logic_error{"no such fabric"};
  }
  static Chip chip() {
    Chip chip;
    chip.name = "chip";
    chip.peak.bf16 = 400 * TFLOP / s;
    chip.peak.fp8 = 800 * TFLOP / s;
    chip.memory_bandwidth = 2 * TB / s;
    return chip;
  }
  /// In tokens' worth of one dispatch and one combine, forward and back.
  [[nodiscard]] std::vector<double> copies_sent() const {
    const auto& llm = workload.model.value;
    const Bytes there_and_back =
        dispatch_size(llm, workload.precision) + combine_size(llm, workload.precision);
    auto bytes = sent(plan(workload, chip(), wiring, Detail::folded).plan, "expert all-to-all");
    for (double& of_rank : bytes) of_rank /= (2 * there_and_back).in(B);
    return bytes;
  }
  [[nodiscard]] double tokens() const { return workload.sequence_length; }  // of one rank
};

TEST(Traffic, TokensGoOnceToEachOtherRankOfTheirExperts) {
  for (const int experts : {8, 16, 64}) {
    const MoeStep step{Algorithm::direct, experts};
    const double distinct = expected_distinct_parts(*step.workload.model.value.moe, experts);
    const double expected =
        step.tokens() * distinct * (experts - 1) / experts;  // the own rank is as likely as any
    for (const double copies : step.copies_sent())
      EXPECT_NEAR(copies, expected, rounding * expected) << experts;
  }
}

TEST(Traffic, HierarchicalTokensGoOnceToEachOtherNodeAndOnFromThere) {
  const MoeStep step{Algorithm::hierarchical, 64};
  const Moe& moe = *step.workload.model.value.moe;
  const double across = step.tokens() * expected_distinct_parts(moe, 8) * 7 / 8;
  // Of all copies that a node is due, each of its ranks passes on its share, but for those that it keeps
  // itself.
  const double inside = step.tokens() * expected_distinct_parts(moe, 64) * 7 / 8;
  for (const double copies : step.copies_sent())
    EXPECT_NEAR(copies, across + inside, rounding * (across + inside));
}

}  // namespace
}  // namespace superpod::models
