/// The least time that an exchange can take: no link carries faster than its bandwidth, no message arrives
/// sooner than its latency.
#pragma once

#include <functional>
#include <map>
#include <vector>

#include "sim/values/units.hpp"
#include "topology/fabric/wiring.hpp"
#include "topology/folding/grid.hpp"

namespace superpod::models {

using SecondsPerByte = decltype(Seconds{} / Bytes{});

/// A time that grows evenly with the bytes of an exchange, and what each byte costs the links of each family.
///
///     T(size) = latency + size * per_byte
///
/// `per_byte` is the sum over phases, which follow each other; `of_family` adds up those that load all links
/// of a family, because exchanges that overlap in time still share these.
struct ExchangeBound {
  Seconds latency;
  SecondsPerByte per_byte;
  std::vector<SecondsPerByte> of_family;  ///< [link family]

  [[nodiscard]] Seconds time(Bytes size) const {
    return size > Bytes{} ? latency + size * per_byte : Seconds{};
  }

  /// What comes after it.
  ExchangeBound& operator+=(const ExchangeBound& next);
};

/// Bounds on what the ranks of one pipeline rank exchange with each other, all groups at the same time.
///
/// A family of links that the routes of one rank touch u times is touched by s senders min(members, s u)
/// times at most, so that the fullest of its links carries at least the mean over these. Members on levels
/// that tell pipeline ranks apart are not counted: the other pipeline ranks do something else.
/// Where the wiring tells places on a digit apart by rotations, the mean over these places counts; where it
/// has no symmetry, only the links that senders leave by.
/// Cost: a route for each peer (on rings, of each place), once for each set of digits; then nothing.
class ExchangeBounds {
 public:
  /// `wiring` must outlive it.
  explicit ExchangeBounds(const topology::Wiring& wiring) : wiring_{wiring} {}

  /// Each rank sends 1 B to every other rank of its group at once; `digits` of the grid, `pipeline` those
  /// that tell pipeline ranks apart.
  const ExchangeBound& with_all(const topology::Grid& grid, const std::vector<int>& digits,
                                const std::vector<int>& pipeline);

  /// A reduce-scatter of 1 B (an all-gather that leaves 1 B on each rank) along one digit after the other, as
  /// `hierarchical` does it (collectives/collective.hpp).
  ExchangeBound scatter(const topology::Grid& grid, const std::vector<int>& digits,
                        const std::vector<int>& pipeline);

  /// One message of 1 B between the neighbours of a pipeline that are nearest to each other.
  ExchangeBound to_neighbour(const topology::Grid& grid, const std::vector<int>& pipeline) const;

 private:
  /// One exchange: who sends, and to whom.
  struct Exchange {
    const topology::Grid& grid;
    const std::vector<int>& digits;
    const std::vector<int>& pipeline;
    std::function<std::vector<topology::Address>(const topology::Address&)> peers_of;
  };
  /// Of one sender, mean over the places that routes tell apart.
  struct Touched {
    Seconds least_latency;
    std::vector<double> hops, links;  ///< [family] of all messages; distinct ones
  };

  ExchangeBound next_along(const topology::Grid& grid, int digit, const std::vector<int>& pipeline) const;
  [[nodiscard]] ExchangeBound bound_of(const Exchange& exchange) const;
  [[nodiscard]] Touched touched_by(const Exchange& exchange) const;

  const topology::Wiring& wiring_;
  std::map<std::vector<int>, ExchangeBound> known_;
};

}  // namespace superpod::models
