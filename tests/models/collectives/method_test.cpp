// Collectives that go their own way on each level, in chunks that overlap, and permutations: closed forms,
// and folding.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>

#include "models/collectives/closed_forms.hpp"
#include "models/collectives/workload.hpp"
#include "sim/engine/engine.hpp"
#include "tests/models/small_fabrics.hpp"

namespace superpod::models {
namespace {

using namespace unit;

constexpr double exact = 1e-9;  // relative: what the project promises of the engine, and of folding
constexpr Seconds hop = 0.3 * us, endpoint = 0.7 * us;
constexpr Bytes size = 48 * MB;
constexpr int side = 4;  // ranks along each level

/// A level of each kind of wiring.
topology::Fabric ring_mesh_switch() {
  return {{{"switched", side}, {"meshed", side}, {"ringed", side}},
          {topology::Torus{"ring", {"ringed"}, {200 * GB / s}, {hop}, {1.0}},
           topology::FullMesh{"mesh", {"meshed"}, {100 * GB / s}, {hop}, {1.0}},
           topology::Clos{"switch", {"switched"}, {50 * GB / s}, {hop}, {1.0}, 1, {}, false}},
          {endpoint}};
}

CollectiveWorkload level_by_level(Operation operation, int chunks) {
  CollectiveWorkload workload;
  workload.operation = operation;
  workload.algorithm = Algorithm::hierarchical;
  workload.algorithm_of = {
      {"ringed", Algorithm::ring}, {"meshed", Algorithm::direct}, {"switched", Algorithm::halving_doubling}};
  workload.chunks = chunks;
  workload.size = size;
  return workload;
}

Seconds time(const CollectiveWorkload& workload, const topology::Fabric& fabric, Detail detail) {
  const topology::Wiring wiring{fabric};
  const Work one = plan(workload, wiring, detail);
  return run(one.platform, one.work).makespan;
}

void expect_time(const CollectiveWorkload& workload, const topology::Fabric& fabric, Seconds expected) {
  for (const Detail detail : {Detail::folded, Detail::full})
    EXPECT_NEAR(time(workload, fabric, detail).in(s), expected.in(s), exact * expected.in(s));
}

TEST(Chunks, OfAReduceScatterPassTheLevelsLikeEqualJobsAFlowShop) {
  // n equal jobs through machines that take t_1 ... t_m: sum of t + (n - 1) * the longest t.
  for (const int chunks : {1, 2, 5, 16}) {
    const Bytes chunk = size / chunks;
    const std::array phases{
        ring_reduce_scatter_time(chunk, side, endpoint + hop, 200 * GB / s),
        direct_all_to_all_time_on_full_mesh(chunk / side, side, endpoint + hop, 100 * GB / s),
        halving_doubling_all_reduce_time(chunk / (side * side), side, endpoint + 2 * hop, 50 * GB / s) / 2};
    const Seconds all = phases[0] + phases[1] + phases[2];
    expect_time(level_by_level(Operation::reduce_scatter, chunks), ring_mesh_switch(),
                all + (chunks - 1) * *std::ranges::max_element(phases));
    expect_time(level_by_level(Operation::all_gather, chunks), ring_mesh_switch(),
                all + (chunks - 1) * *std::ranges::max_element(phases));
  }
}

TEST(Chunks, OfAnAllReduceGainNothingOnOneLevel) {
  // Without latencies the links are busy from the start to the end, whoever uses them: 2 (p - 1) / p * size /
  // bandwidth.
  const topology::Fabric ring{
      {{"npu", 8}}, {topology::Torus{"ring", {"npu"}, {50 * GB / s}, {0 * s}, {1.0}}}, {0 * s}};
  for (const int chunks : {1, 3, 8}) {
    CollectiveWorkload workload;
    workload.algorithm = Algorithm::ring;
    workload.size = size;
    workload.chunks = chunks;
    expect_time(workload, ring, ring_all_reduce_time(size, 8, 0 * s, 50 * GB / s));
  }
}

TEST(Chunks, OfAnAllReduceComeNearTheTimeOfTheBusiestLevel) {
  topology::Fabric fabric = ring_mesh_switch();
  fabric.endpoint_latency = Sourced<Seconds>{0 * s};
  std::visit([](auto& ring) { ring.latency = Sourced<Seconds>{0 * s}; }, fabric.networks[0]);
  std::visit([](auto& mesh) { mesh.latency = Sourced<Seconds>{0 * s}; }, fabric.networks[1]);
  std::visit([](auto& clos) { clos.latency = Sourced<Seconds>{0 * s}; }, fabric.networks[2]);
  const Seconds ring = ring_all_reduce_time(size, side, 0 * s, 200 * GB / s);
  const auto in_chunks = [&](int chunks) {
    return time(level_by_level(Operation::all_reduce, chunks), fabric, Detail::folded);
  };
  const Seconds one = in_chunks(1);
  for (const int chunks : {2, 4, 16, 64}) {
    EXPECT_GE(in_chunks(chunks).in(s), ring.in(s) * (1 - exact));
    EXPECT_LT(in_chunks(chunks).in(s), one.in(s));
  }
  EXPECT_LT(in_chunks(64) / ring, 1.02);
}

/// A level's own algorithm that is not what `hierarchical` takes by itself, where the level's size admits
/// one.
Algorithm another(const topology::Level& level, std::size_t which) {
  const bool power = std::has_single_bit(static_cast<unsigned>(level.count));
  constexpr std::array all{Algorithm::ring, Algorithm::halving_doubling, Algorithm::direct};
  const Algorithm one = all[which % all.size()];
  return one == Algorithm::halving_doubling && !power ? Algorithm::ring : one;
}

class OwnWays : public testing::TestWithParam<NamedFabric> {};

TEST_P(OwnWays, FoldedEqualFull) {
  const topology::Fabric& fabric = GetParam().fabric;
  for (const auto operation : {Operation::all_reduce, Operation::all_to_all})
    for (std::size_t shift = 0; shift < 2; ++shift) {
      CollectiveWorkload workload;
      workload.operation = operation;
      workload.algorithm = Algorithm::hierarchical;
      workload.size = size;
      workload.chunks = 1 + static_cast<int>(shift);
      for (std::size_t level = 0; level < fabric.levels.size(); ++level)
        workload.algorithm_of[fabric.levels[level].name] = another(fabric.levels[level], level + shift);
      ASSERT_TRUE(flaws(workload, fabric).empty());
      const double full = time(workload, fabric, Detail::full).in(s);
      EXPECT_NEAR(time(workload, fabric, Detail::folded).in(s), full, exact * full);
    }
}

TEST_P(OwnWays, PermutationsFoldedEqualFull) {
  const topology::Fabric& fabric = GetParam().fabric;
  for (int by = 1; by < 4; ++by) {
    CollectiveWorkload workload;
    workload.operation = Operation::permutation;
    workload.size = size;
    for (const auto& level : fabric.levels) workload.by.push_back(by % level.count);
    const double full = time(workload, fabric, Detail::full).in(s);
    EXPECT_NEAR(time(workload, fabric, Detail::folded).in(s), full, exact * full);
  }
}

INSTANTIATE_TEST_SUITE_P(Fabrics, OwnWays, testing::ValuesIn(small_fabrics()), [](const auto& one) {
  std::string name = one.param.name;
  for (char& c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  return name;
});

CollectiveWorkload permutation(std::vector<int> by) {
  CollectiveWorkload workload;
  workload.operation = Operation::permutation;
  workload.size = size;
  workload.by = std::move(by);
  return workload;
}

TEST(Permutation, ThroughAClosTakesTheTimeOfOneMessageAndOversubscriptionMultipliesIt) {
  for (const double oversubscription : {1.0, 2.0}) {
    const topology::Fabric clos{
        {{"leaf", 8}, {"npu", 8}},
        {topology::Clos{
            "clos", {"leaf", "npu"}, {50 * GB / s}, {hop}, {1.0}, 1, {{"leaf", oversubscription}}, false}},
        {endpoint}};
    expect_time(permutation({4, 0}), clos, endpoint + 4 * hop + oversubscription * size / (50 * GB / s));
    expect_time(permutation({0, 3}), clos, endpoint + 2 * hop + size / (50 * GB / s));  // within a leaf
    const topology::Wiring wiring{clos};
    EXPECT_EQ(plan(permutation({4, 0}), wiring, Detail::folded).platform.ranks.size(), 1);
  }
}

TEST(Permutation, OnARingSharesEachLinkAmongAsManyAsItGoesFar) {
  const topology::Fabric ring{
      {{"npu", 16}}, {topology::Torus{"ring", {"npu"}, {50 * GB / s}, {hop}, {1.0}}}, {endpoint}};
  for (const int by : {1, 3, 7, 13}) {
    const int far = std::min(by, 16 - by);
    expect_time(permutation({by}), ring, endpoint + far * hop + far * size / (50 * GB / s));
  }
}

TEST(Permutation, MustMoveSomethingAndStayInItsGroup) {
  const topology::Fabric fabric = ring_mesh_switch();
  EXPECT_FALSE(flaws(permutation({}), fabric).empty());
  EXPECT_FALSE(flaws(permutation({0, 0, 0}), fabric).empty());
  EXPECT_FALSE(flaws(permutation({0, 0, side}), fabric).empty());
  EXPECT_FALSE(flaws(permutation({0, 1}), fabric).empty());
  CollectiveWorkload out_of_group = permutation({1, 0, 0});
  out_of_group.over = {"ringed"};
  EXPECT_FALSE(flaws(out_of_group, fabric).empty());
  EXPECT_TRUE(flaws(permutation({1, 0, 0}), fabric).empty());
}

TEST(OwnWay, IsRefusedWhereThereIsNone) {
  const topology::Fabric fabric = ring_mesh_switch();
  const auto key = [&](const CollectiveWorkload& workload) {
    const auto found = flaws(workload, fabric);
    return found.empty() ? std::string{} : found.front().key;
  };
  CollectiveWorkload workload = level_by_level(Operation::all_reduce, 1);
  EXPECT_EQ(key(workload), "");
  workload.algorithm = Algorithm::ring;
  EXPECT_EQ(key(workload), "algorithm_of");
  workload = level_by_level(Operation::broadcast, 1);
  EXPECT_EQ(key(workload), "algorithm_of");
  workload = level_by_level(Operation::all_reduce, 1);
  workload.algorithm_of["cabinet"] = Algorithm::ring;
  EXPECT_EQ(key(workload), "algorithm_of.cabinet");
  workload = level_by_level(Operation::all_reduce, 1);
  workload.algorithm_of["ringed"] = Algorithm::hierarchical;
  EXPECT_EQ(key(workload), "algorithm_of.ringed");
}

}  // namespace
}  // namespace superpod::models
