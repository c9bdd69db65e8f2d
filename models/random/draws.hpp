/// Whole numbers at random, the same on every machine.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "models/random/random.hpp"

namespace superpod::models {

/// The numbers of [0, size) in a random order, one after the other.
///
/// It is the shuffle of Fisher and Yates, of which only the places that were touched are kept.
/// Cost: constant for each number drawn, whatever `size` is.
/// Source: Durstenfeld, "Algorithm 235: Random permutation", CACM 7(7), 1964.
class Draws {
 public:
  Draws(Random random, std::int64_t size) : random_{random}, size_{size} {}

  /// Nothing when all were drawn.
  std::optional<std::int64_t> next();

 private:
  [[nodiscard]] std::int64_t at(std::int64_t place) const;

  Random random_;
  std::int64_t size_;
  std::int64_t drawn_ = 0;
  std::unordered_map<std::int64_t, std::int64_t>
      moved_;  // what lies at a place, unless it is the place itself
};

}  // namespace superpod::models
