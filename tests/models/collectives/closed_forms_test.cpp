#include "models/collectives/closed_forms.hpp"

#include <gtest/gtest.h>

#include "models/collectives/workload.hpp"
#include "sim/engine/engine.hpp"

namespace superpod::models {
namespace {

using namespace unit;
using topology::Fabric;

constexpr double exact = 1e-9;  // relative: what the project promises of the engine
constexpr int ranks = 64;
constexpr Bytes size = 64 * MB;
constexpr BytesPerSecond bandwidth = 50 * GB / s;
constexpr Seconds hop = 0.3 * us;
constexpr Seconds endpoint = 0.7 * us;

Fabric mesh() {
  return {{{"npu", ranks}}, {topology::FullMesh{"mesh", {"npu"}, {bandwidth}, {hop}, {1.0}}}, {endpoint}};
}
Fabric star() {
  return {{{"npu", ranks}},
          {topology::Clos{"switch", {"npu"}, {bandwidth}, {hop}, {1.0}, 1, {}, false}},
          {endpoint}};
}
Fabric ring(Seconds hop_latency) {
  return {
      {{"npu", ranks}}, {topology::Torus{"ring", {"npu"}, {bandwidth}, {hop_latency}, {1.0}}}, {endpoint}};
}

void expect_time(const Fabric& fabric, Operation operation, Algorithm algorithm, Seconds expected) {
  CollectiveWorkload workload;
  workload.operation = operation;
  workload.algorithm = algorithm;
  workload.size = size;
  const topology::Wiring wiring{fabric};
  for (const Detail detail : {Detail::folded, Detail::full}) {
    const Work one = plan(workload, wiring, detail);
    EXPECT_NEAR(run(one.platform, one.work).makespan.in(s), expected.in(s), exact * expected.in(s));
  }
}

TEST(ClosedForms, RingEqualsTheEngine) {
  const auto time = [](Seconds latency) { return ring_all_reduce_time(size, ranks, latency, bandwidth); };
  expect_time(mesh(), Operation::all_reduce, Algorithm::ring, time(endpoint + hop));
  expect_time(star(), Operation::all_reduce, Algorithm::ring, time(endpoint + 2 * hop));
  expect_time(ring(hop), Operation::all_reduce, Algorithm::ring, time(endpoint + hop));
  const Seconds half = ring_reduce_scatter_time(size, ranks, endpoint + hop, bandwidth);
  expect_time(ring(hop), Operation::reduce_scatter, Algorithm::ring, half);
  expect_time(ring(hop), Operation::all_gather, Algorithm::ring, half);
}

TEST(ClosedForms, HalvingDoublingEqualsTheEngine) {
  expect_time(mesh(), Operation::all_reduce, Algorithm::halving_doubling,
              halving_doubling_all_reduce_time(size, ranks, endpoint + hop, bandwidth));
  expect_time(star(), Operation::all_reduce, Algorithm::halving_doubling,
              halving_doubling_all_reduce_time(size, ranks, endpoint + 2 * hop, bandwidth));
  expect_time(ring(hop), Operation::all_reduce, Algorithm::halving_doubling,
              halving_doubling_all_reduce_time_on_torus(size, ranks, endpoint, hop, bandwidth));
}

TEST(ClosedForms, DirectAllToAllEqualsTheEngine) {
  expect_time(mesh(), Operation::all_to_all, Algorithm::direct,
              direct_all_to_all_time_on_full_mesh(size, ranks, endpoint + hop, bandwidth));
  expect_time(star(), Operation::all_to_all, Algorithm::direct,
              direct_all_to_all_time_on_switch(size, ranks, endpoint + 2 * hop, bandwidth));
  expect_time(ring(0 * s), Operation::all_to_all, Algorithm::direct,
              direct_all_to_all_time_on_torus(size, ranks, endpoint, bandwidth));
}

TEST(ClosedForms, OfOneRankAreFree) {
  EXPECT_EQ(ring_all_reduce_time(size, 1, hop, bandwidth), 0 * s);
  EXPECT_EQ(halving_doubling_all_reduce_time(size, 1, hop, bandwidth), 0 * s);
}

TEST(ClosedForms, RingApproachesTwiceTheMessageOverBandwidth) {
  // 1024 ranks, no latency: 2 * 1023/1024 * 8 GB / (50 GB/s) = 319.6875 ms, worked by hand.
  EXPECT_NEAR(ring_all_reduce_time(8 * GB, 1024, 0 * s, 50 * GB / s).in(ms), 319.6875, 319.6875 * 1e-12);
}

}  // namespace
}  // namespace superpod::models
