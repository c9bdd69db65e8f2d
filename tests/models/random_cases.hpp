/// Random workloads and faults for property tests, and what folded and full runs must have in common.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <random>
#include <string>

#include "models/collectives/workload.hpp"
#include "models/training/step.hpp"
#include "sim/engine/engine.hpp"
#include "tests/models/small_models.hpp"
#include "tests/topology/fabrics.hpp"
#include "tests/topology/folding/random_links.hpp"

namespace superpod::models {

inline constexpr double folded_equals_full = 1e-9;  // relative: what the project promises

class Dice {
 public:
  explicit Dice(unsigned seed) : random_{seed} {}
  int between(int low, int high) { return std::uniform_int_distribution<int>{low, high}(random_); }
  bool toss() { return between(0, 1) == 1; }
  template <class List>
  void shuffle(List& list) {
    std::shuffle(list.begin(), list.end(), random_);
  }

  std::vector<int> address(const topology::Fabric& fabric) {
    std::vector<int> digits;
    for (const auto& level : fabric.levels) digits.push_back(between(0, level.count - 1));
    return digits;
  }

  /// Up to three links that are slow, or dead.
  std::vector<topology::Degraded> faulty_links(const topology::Wiring& wiring) {
    std::vector<topology::Degraded> all;
    for (int n = between(0, 3); n > 0; --n)
      if (const auto link = topology::random_link(wiring, random_))
        add_with_others(all, wiring, {*link, toss() ? 0 : 0.1 * between(1, 9)});
    return all;
  }

  /// Perhaps all links that differ from it in one digit only are hit alike, as by a switch.
  void add_with_others(std::vector<topology::Degraded>& all, const topology::Wiring& wiring,
                       const topology::Degraded& one) {
    all.push_back(one);
    const topology::LinkFamily& family = wiring.link_families()[static_cast<std::size_t>(one.link.family)];
    const int level = between(0, 2 * wiring.levels());
    if (level >= wiring.levels() || level == family.level || !family.has[static_cast<std::size_t>(level)])
      return;
    topology::Degraded other = one;
    int& digit = other.link.at[static_cast<std::size_t>(level)];
    for (digit = 0; digit < wiring.count(level); ++digit)
      if (other.link != one.link) all.push_back(other);
  }

  /// Up to three units that compute slowly: NPUs, boards, pods, ...
  std::vector<SlowNpu> slow_npus(const topology::Fabric& fabric) {
    std::vector<SlowNpu> all;
    for (int n = between(0, 3); n > 0; --n) {
      SlowNpu slow{{}, 0.1 * between(2, 9)};
      const int levels = between(1, static_cast<int>(fabric.levels.size()));
      for (std::size_t l = 0; l < topology::max_levels; ++l)
        slow.at[l] = static_cast<int>(l) < levels ? between(0, fabric.levels[l].count - 1) : topology::absent;
      all.push_back(slow);
    }
    return all;
  }

  /// Perhaps some units of the outermost level with a chip that is different in all that it does.
  std::vector<OtherChip> other_chips(const topology::Fabric& fabric, const Chip& like) {
    if (!toss()) return {};
    OtherChip other{{}, like};
    other.chip.name = "other";
    for (auto* peak : {&other.chip.peak.bf16, &other.chip.peak.fp8}) (*peak)->value *= 0.1 * between(5, 20);
    other.chip.memory_bandwidth->value *= 0.1 * between(5, 20);
    for (int unit = 0; unit < fabric.levels.front().count; ++unit)
      if (between(0, 3) == 0) other.units.push_back(unit);
    return {other};
  }

 private:
  std::mt19937 random_;
};

/// Bytes that cross each family of links.
inline std::map<std::string, double> traffic(const Work& plan) {
  std::map<std::string, double> bytes;
  for (const auto& task : plan.work.tasks()) {
    if (task.kind != TaskGraph::Kind::move) continue;
    const auto& route = plan.platform.routes[static_cast<std::size_t>(task.target)];
    for (const auto& hop : route.hops)
      bytes[plan.platform.links[static_cast<std::size_t>(hop.link)].name] +=
          task.amount * route.flows * hop.times;
  }
  return bytes;
}

inline void expect_equal(const Work& folded, const Work& full) {
  const auto some = traffic(folded), all = traffic(full);
  ASSERT_EQ(some.size(), all.size());
  for (const auto& [family, bytes] : all)
    EXPECT_NEAR(some.at(family), bytes, folded_equals_full * bytes) << family;
  const double expected = run(full.platform, full.work).makespan.in(unit::s);
  EXPECT_NEAR(run(folded.platform, folded.work).makespan.in(unit::s), expected,
              folded_equals_full * expected);
}

/// Whether some flow goes over several ways.
inline bool goes_around(const Work& plan) {
  return std::ranges::any_of(plan.platform.routes, [](const auto& route) {
    return std::ranges::any_of(route.hops,
                               [](const auto& hop) { return hop.times != std::round(hop.times); });
  });
}

/// What `planned` returns, unless dead links are in the way.
template <class Planned>
auto unless_unreachable(Planned&& planned) -> std::optional<decltype(planned())> {
  try {
    return planned();
  } catch (const topology::Unreachable&) {
    return std::nullopt;
  }
}

inline CollectiveWorkload any_collective(Dice& dice, const topology::Fabric& fabric) {
  CollectiveWorkload workload;
  do {
    workload.operation = words(Operation{})[static_cast<std::size_t>(dice.between(0, 5))].second;
    workload.algorithm = words(Algorithm{})[static_cast<std::size_t>(dice.between(0, 4))].second;
    workload.size = 64 * unit::MB;
    workload.over.clear();
    for (const auto& level : fabric.levels)
      if (dice.between(0, 2) > 0) workload.over.push_back(level.name);
    const OperationKind::Keys& keys = workload.operation.kind().keys;
    workload.root = keys.root ? dice.address(fabric) : std::vector<int>{};
    workload.destination = keys.destination ? dice.address(fabric) : std::vector<int>{};
  } while (!flaws(workload, fabric).empty());
  return workload;
}

/// Nothing in particular, so that it often fits no fabric.
inline TrainingWorkload any_training(Dice& dice, int npus) {
  TrainingWorkload workload;
  Llm& llm = workload.model.value;
  llm.name = "small";
  llm.layers = 5;
  llm.hidden = 1024;
  llm.vocab = 32000;
  llm.ffn_intermediate = 4096;
  llm.attention = Gqa{16, 8, 64};
  const bool experts = dice.between(0, 2) > 0;
  if (experts) llm.moe = Moe{64, 4, 1, 512, 1, 8, 4};
  llm.mtp_layers = experts ? 1 : 0;
  workload.sequence_length = 512;
  auto& parallel = workload.parallel;
  parallel.tensor = 1 << dice.between(0, 2);
  parallel.context = 1 << std::max(0, dice.between(-2, 2));
  parallel.expert =
      experts && dice.between(0, 3) > 0 ? parallel.tensor * parallel.context << dice.between(0, 3) : 1;
  parallel.pipeline = 1 << dice.between(0, 2);
  workload.schedule = static_cast<Schedule>(dice.between(0, 3));
  parallel.virtual_stages = workload.schedule == Schedule::interleaved ? dice.between(1, 2) : 1;
  parallel.zero = dice.between(0, 1);
  workload.recompute = static_cast<Recompute>(dice.between(0, 2));
  workload.expert_all_to_all = dice.toss() ? Algorithm::direct : Algorithm::hierarchical;
  if (dice.toss()) llm.attention = Mla{16, 384, 128, 64, 32, 64};
  if (dice.toss()) parallel.order.push_back(Dimension::data);
  dice.shuffle(parallel.order);
  const int data = std::max(1, npus / parallel.tensor / parallel.context / parallel.pipeline);
  workload.batch = data * dice.between(1, 3) * 2 * std::max(1, parallel.pipeline - 1);
  return workload;
}

inline ExpertLoad any_load(Dice& dice, int experts) {
  switch (dice.between(0, 3)) {
    case 0:
      return ZipfLoad{0.25 * dice.between(1, 6),
                      dice.toss() ? std::optional<std::int64_t>{dice.between(0, 99)} : std::nullopt};
    case 1: {  // in steps, so that some ranks are alike and others are not
      MeasuredLoad measured;
      for (int e = 0; e < experts; ++e) measured.tokens.push_back(dice.between(2, 4));
      return measured;
    }
    default: {
      HotLoad hot;
      for (int n = dice.between(1, 3), expert = -1; n > 0; --n) {
        expert += dice.between(1, experts / 4);
        hot.experts.push_back({expert, 0.5 * dice.between(0, 10)});
      }
      return hot;
    }
  }
}

}  // namespace superpod::models
