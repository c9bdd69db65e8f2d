/// How long the ranks of an engine take to exchange data, on an otherwise idle fabric.
#pragma once

#include <functional>
#include <map>

#include "models/mapping/placement.hpp"
#include "models/transformer/llm.hpp"
#include "sim/values/units.hpp"
#include "topology/fabric/wiring.hpp"

namespace superpod::models {

/// All engines on the fabric exchange at the same time. A time is simulated, folded, where it is first asked
/// for, at sizes that are powers of two; between these it is a straight line, which it is anyway where
/// nothing but latency and bandwidth counts.
/// Cost: some 100 us for each power of two that is met, then 20 ns.
class GroupExchanges {
 public:
  /// Both must outlive it.
  GroupExchanges(const Placement& placement, const topology::Wiring& wiring)
      : placement_{placement}, wiring_{wiring} {}

  /// Of the tensor ranks, each with a vector of this size.
  Seconds all_reduce(Bytes size);

  enum class Way { dispatch, combine };
  /// Each rank sends `tokens` of its own to the ranks of their experts (or gets their results back), each
  /// once to each of these ranks; the busiest rank counts.
  Seconds with_experts(const Moe& moe, double tokens, Bytes token, Way way);

 private:
  class Curve {
   public:
    Seconds at(double size, const std::function<Seconds(double)>& simulated);

   private:
    std::map<int, Seconds> known_;  // by the power of two
  };
  [[nodiscard]] Seconds simulated_all_reduce(Bytes size) const;
  [[nodiscard]] Seconds simulated_exchange(const Moe& moe, double tokens, Bytes token, Way way) const;

  const Placement& placement_;
  const topology::Wiring& wiring_;
  Curve all_reduce_;
  std::map<std::pair<Bytes, Way>, Curve> exchanges_;  // by the size of a token
};

}  // namespace superpod::models
