#include "models/serving/costs/group_exchanges.hpp"

#include <cmath>
#include <numeric>

#include "models/collectives/collective.hpp"
#include "models/mapping/expert_amounts.hpp"
#include "models/mapping/expert_copies.hpp"
#include "models/work/work.hpp"
#include "sim/engine/engine.hpp"
#include "topology/folding/folding.hpp"
#include "topology/routing/routes.hpp"

namespace superpod::models {
namespace {

/// What `exchange` writes for the groups over `digits`, run alone.
template <class Exchange>
Seconds alone(const Placement& placement, const topology::Wiring& wiring, const std::vector<int>& digits,
              const Exchange& exchange) {
  const topology::Routes routes{wiring};
  Work work;
  topology::Folding folding{routes, topology::Blocks{placement.grid}, work.platform};
  std::vector<RankId> ranks(static_cast<std::size_t>(folding.classes()));
  std::iota(ranks.begin(), ranks.end(), 0);
  const Group group{folding, std::move(ranks), digits};
  exchange(Writer{work.work, work.work.label("exchange", "exchange")}, group);
  return run_bare(work.platform, work.work).makespan;
}

}  // namespace

Seconds GroupExchanges::Curve::at(double size, const std::function<Seconds(double)>& simulated) {
  const auto known = [&](int power) {
    const auto [place, is_new] = known_.try_emplace(power);
    if (is_new) place->second = simulated(std::exp2(power));
    return place->second;
  };
  const int below = static_cast<int>(std::floor(std::log2(size)));
  const double share = size / std::exp2(below) - 1;
  return (1 - share) * known(below) + share * known(below + 1);
}

Seconds GroupExchanges::all_reduce(Bytes size) {
  if (placement_.shard.tensor == 1) return {};
  return all_reduce_.at(size / unit::B, [&](double bytes) { return simulated_all_reduce(bytes * unit::B); });
}

Seconds GroupExchanges::with_experts(const Moe& moe, double tokens, Bytes token, Way way) {
  return exchanges_[{token, way}].at(tokens,
                                     [&](double some) { return simulated_exchange(moe, some, token, way); });
}

Seconds GroupExchanges::simulated_all_reduce(Bytes size) const {
  return alone(placement_, wiring_, placement_.tensor, [&](const Writer& to, const Group& group) {
    static_cast<void>(Collective{to, group, Algorithm::hierarchical}.all_reduce(size, group.start()));
  });
}

Seconds GroupExchanges::simulated_exchange(const Moe& moe, double tokens, Bytes token, Way way) const {
  const std::vector<int> digits = placement_.expert_group();
  return alone(placement_, wiring_, digits, [&](const Writer& to, const Group& group) {
    const ExpertCopies copies = expert_copies(moe, tokens, {group.size(), 1}, Algorithm::direct);
    const std::vector<double>& visits = placement_.expert_ranks.visits;
    const Amount amount = visits.empty()
                              ? Amount{copies.to_rank * token}
                              : amount_by_place(group, digits, {visits, tokens, token, way == Way::dispatch});
    static_cast<void>(Exchange{to, group, group.start()}.with_all(amount));
  });
}

}  // namespace superpod::models
