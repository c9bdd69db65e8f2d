// What a new algorithm costs: its functions, one recipe, and where a scenario is to name it a word in
// models/collectives/algorithms/list.cpp. This one is known to this file only.
#include <gtest/gtest.h>

#include "models/collectives/closed_forms.hpp"
#include "models/collectives/workload.hpp"
#include "sim/engine/engine.hpp"
#include "tests/models/small_fabrics.hpp"
#include "tests/topology/fabrics.hpp"

namespace superpod::models {
namespace {

using namespace unit;

/// Each half of a small vector is sent whole to all, which costs one latency and no second step; a large one
/// goes as in a ring: it chooses by the size and by the ranks of the group.
Legs all_to_all_if_small(const Collective& of, Bytes size) {
  if (size > of.group.size() * KiB) {
    const Collective ring{of.to, of.group, Algorithm::ring};
    return all_reduce_legs(ring, size);
  }
  return {[&to = of.to, &group = of.group, size](const Front& begin) {
    return Exchange{to, group, begin}.with_all(size);
  }};
}

constinit const Recipe one_shot{.word = "one_shot",
                                .along = {.keeps = topology::Digit::Group::rotations},
                                .all_reduce = all_to_all_if_small};

Seconds time(Bytes size, const topology::Fabric& fabric, Detail detail) {
  CollectiveWorkload workload;
  workload.operation = Operation::all_reduce;
  workload.algorithm = Algorithm{one_shot};
  workload.size = size;
  const Work work = plan(workload, topology::Wiring{fabric}, detail);
  return run(work.platform, work.work).makespan;
}

constexpr double exact = 1e-9;  // relative: what the project promises of the engine, and of folding
constexpr int ranks = 8;

TEST(OwnAlgorithm, ChoosesByTheSizeOfTheVector) {
  const topology::Fabric mesh = topology::fabrics::full_mesh({ranks});
  const auto& network = std::get<topology::FullMesh>(mesh.networks.front());
  const Seconds latency = mesh.endpoint_latency.value + network.latency.value;
  const BytesPerSecond link = network.efficiency.value * network.bandwidth.value;
  for (const Detail detail : {Detail::folded, Detail::full}) {
    const Seconds small = latency + 4 * KiB / link;  // the vector over one link to each
    EXPECT_NEAR(time(4 * KiB, mesh, detail).in(s), small.in(s), exact * small.in(s));
    const Seconds large = ring_all_reduce_time(4 * MB, ranks, latency, link);
    EXPECT_NEAR(time(4 * MB, mesh, detail).in(s), large.in(s), exact * large.in(s));
  }
}

TEST(OwnAlgorithm, HasNoWordUnlessItIsListed) {
  for (const auto& [word, algorithm] : words(Algorithm{})) EXPECT_NE(word, "one_shot");
  EXPECT_EQ(Algorithm{one_shot}.word(), "one_shot");
}

}  // namespace
}  // namespace superpod::models
