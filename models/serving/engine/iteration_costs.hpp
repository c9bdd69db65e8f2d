/// What an iteration of a serving engine costs, as a sum of terms that each hang on few numbers.
#pragma once

#include "sim/values/units.hpp"

namespace superpod::models {

/// Where the time of iterations goes. They add up to it.
struct IterationParts {
  Seconds products;   ///< of dense layers and attention's projections, with their vector kernels
  Seconds experts;    ///< routed experts
  Seconds exchange;   ///< ranks with each other
  Seconds attention;  ///< keys and values that were cached
  Seconds head;       ///< logits and the choice of tokens
  Seconds host;       ///< what it adds to the device's time

  IterationParts& operator+=(const IterationParts& other);
  friend IterationParts operator*(double times, const IterationParts& parts);
  [[nodiscard]] Seconds total() const { return products + experts + exchange + attention + head + host; }
};

/// A time that is a straight line up to some number of cached tokens.
struct AttentionLine {
  Seconds time{};       ///< at the tokens asked for
  Seconds per_token{};  ///< for each more, of all requests together ...
  double until = 0;     ///< ... up to so many
};

/// Of one engine: its model on its ranks. Ranks of attention data parallelism hold requests of their own and
/// go through the layers in step.
///
///     device = of_tokens(most, all) + max over ranks (of_decoding + sum of of_prefill) + of_outputs(most)
///     T      = max(device, on_host), or device + on_host
///
/// Each term never falls when its numbers grow.
class IterationCosts {
 public:
  virtual ~IterationCosts() = default;

  /// Whatever hangs on new tokens only: `most` on one rank, `all` on all of them.
  virtual const IterationParts& of_tokens(int most, int all) = 0;
  /// Head and choice of so many tokens on one rank.
  virtual Seconds of_outputs(int outputs) = 0;
  /// Attention of requests that decode on one rank; `seen` is the sum of their cached tokens.
  virtual AttentionLine of_decoding(int requests, double seen) = 0;
  /// Attention of new tokens of one prompt after those that were seen before.
  virtual Seconds of_prefill(int tokens, int seen) = 0;
  virtual Seconds on_host(int requests, int tokens) = 0;
};

inline IterationParts& IterationParts::operator+=(const IterationParts& other) {
  products += other.products, experts += other.experts, exchange += other.exchange;
  attention += other.attention, head += other.head, host += other.host;
  return *this;
}
inline IterationParts operator*(double times, const IterationParts& parts) {
  return {times * parts.products,  times * parts.experts, times * parts.exchange,
          times * parts.attention, times * parts.head,    times * parts.host};
}

}  // namespace superpod::models
