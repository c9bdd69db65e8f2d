// The proof of folding: one member of each class gives what every rank, link and flow gives, for every fabric
// and collective, with and without a slow link.
#include <gtest/gtest.h>

#include <algorithm>

#include "models/collectives/workload.hpp"
#include "sim/engine/engine.hpp"
#include "tests/models/small_fabrics.hpp"

namespace superpod::models {
namespace {

using namespace unit;

constexpr double folded_equals_full = 1e-9;  // relative: what the project promises

struct Case {
  NamedFabric fabric;
  CollectiveWorkload workload;
  bool slow_link = false;
};

std::string word(const auto& value) {
  for (const auto& [text, meaning] : words(value))
    if (meaning == value) return std::string{text};
  return "?";
}

/// Stepwise collectives of 512 ranks: direct ones have 261,632 flows at once, more than the engine bears.
std::vector<Case> larger_cases() {
  std::vector<Case> all;
  for (const auto& fabric : larger_fabrics())
    for (const auto algorithm : {Algorithm::ring, Algorithm::halving_doubling, Algorithm::hierarchical}) {
      CollectiveWorkload workload;
      workload.operation = Operation::all_reduce;
      workload.algorithm = algorithm;
      workload.size = 1 * GiB;
      all.push_back({fabric, workload, false});
    }
  return all;
}

std::vector<Case> cases() {
  std::vector<Case> all = larger_cases();
  for (const auto& fabric : small_fabrics())
    for (const auto operation : {Operation::all_reduce, Operation::reduce_scatter, Operation::all_gather,
                                 Operation::all_to_all, Operation::broadcast, Operation::send_receive})
      for (const auto algorithm :
           {Algorithm::ring, Algorithm::halving_doubling, Algorithm::direct, Algorithm::hierarchical})
        for (const bool slow_link : {false, true}) {
          CollectiveWorkload workload;
          workload.operation = operation;
          workload.algorithm = algorithm;
          workload.size = 64 * MB;
          if (operation == Operation::send_receive && algorithm != Algorithm::direct)
            continue;  // it has no algorithm
          if (flaws(workload, fabric.fabric).empty()) all.push_back({fabric, workload, slow_link});
        }
  return all;
}

/// Some link of the outermost network that traffic crosses at half speed: one of the first family that has a
/// digit.
std::vector<topology::Degraded> half_speed(const topology::Wiring& wiring) {
  const int family = static_cast<int>(wiring.link_families().size()) - 1;
  const auto& its = wiring.link_families()[static_cast<std::size_t>(family)];
  topology::LinkKey key{family, {}, topology::absent};
  for (int level = 0; level < topology::max_levels; ++level)
    key.at[static_cast<std::size_t>(level)] = its.has[static_cast<std::size_t>(level)] ? 1 : topology::absent;
  if (its.kind == topology::LinkFamily::Kind::mesh) key.other = 2;
  if (its.kind == topology::LinkFamily::Kind::global) key.other = 3;
  return {{key, 0.5}};
}

/// To the last number, names aside.
bool same(const Work& a, const Work& b) {
  const auto equal = [](const auto& x, const auto& y, auto&& alike) {
    return std::equal(x.begin(), x.end(), y.begin(), y.end(), alike);
  };
  return equal(a.platform.ranks, b.platform.ranks,
               [](const auto& x, const auto& y) { return x.count == y.count; }) &&
         equal(
             a.platform.links, b.platform.links,
             [](const auto& x, const auto& y) { return x.count == y.count && x.bandwidth == y.bandwidth; }) &&
         equal(a.platform.routes, b.platform.routes,
               [&](const auto& x, const auto& y) {
                 return x.from == y.from && x.to == y.to && x.flows == y.flows && x.latency == y.latency &&
                        equal(x.hops, y.hops, [](const auto& h, const auto& k) {
                          return h.link == k.link && h.times == k.times;
                        });
               }) &&
         equal(a.work.tasks(), b.work.tasks(),
               [](const auto& x, const auto& y) {
                 return x.kind == y.kind && x.target == y.target && x.amount == y.amount;
               }) &&
         equal(a.work.dependencies(), b.work.dependencies(),
               [](const auto& x, const auto& y) { return x.before == y.before && x.after == y.after; });
}

void PrintTo(const Case& one, std::ostream* out) { *out << one.fabric.name; }

class FoldedEqualsFull : public testing::TestWithParam<Case> {};

TEST_P(FoldedEqualsFull, WithinOnePartInABillion) {
  const auto& [named, workload, slow_link] = GetParam();
  const topology::Wiring wiring{named.fabric};
  const auto degraded = slow_link ? half_speed(wiring) : std::vector<topology::Degraded>{};
  const Work folded = plan(workload, wiring, Detail::folded, {.links = degraded});
  const Work full = plan(workload, wiring, Detail::full, {.links = degraded});
  ASSERT_EQ(static_cast<std::int64_t>(full.platform.ranks.size()), npus(named.fabric));
  const auto all_ranks = static_cast<double>(full.platform.ranks.size());
  double folded_ranks = 0;
  for (const auto& rank : folded.platform.ranks) folded_ranks += rank.count;
  EXPECT_EQ(folded_ranks, all_ranks);
  EXPECT_LE(folded.platform.ranks.size(), full.platform.ranks.size());

  if (same(folded, full)) return;  // no symmetry is left: one run would be compared with itself
  const double expected = run(full.platform, full.work).makespan.in(s);
  EXPECT_NEAR(run(folded.platform, folded.work).makespan.in(s), expected, folded_equals_full * expected);
}

std::string name_of(const testing::TestParamInfo<Case>& one) {
  std::string name = one.param.fabric.name + "_" + word(one.param.workload.operation) + "_" +
                     word(one.param.workload.algorithm) + (one.param.slow_link ? "_slow_link" : "");
  for (char& c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(FabricsAndCollectives, FoldedEqualsFull, testing::ValuesIn(cases()), name_of);

}  // namespace
}  // namespace superpod::models
