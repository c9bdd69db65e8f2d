#include "models/serving/engine/cache_blocks.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace superpod::models {

bool CacheBlocks::has_room(std::int64_t now, std::int64_t at_end, double reserve_share) const {
  const double kept = reserve_share * static_cast<double>(promised_ + at_end - now);
  return static_cast<double>(free_ - now) >= std::ceil(kept);
}

void CacheBlocks::take(std::int64_t now, std::int64_t at_end) {
  free_ -= now;
  promised_ += at_end - now;
}

void CacheBlocks::give_back(std::int64_t now, std::int64_t at_end) {
  free_ += now;
  promised_ -= at_end - now;
}

std::int64_t CacheBlocks::needed(std::int64_t clock, std::int64_t iterations) const {
  std::int64_t sum = 0;
  if (iterations >= tokens_)
    sum = iterations / tokens_ * std::accumulate(phases_.begin(), phases_.end(), std::int64_t{0});
  for (std::int64_t i = 0; i < iterations % tokens_; ++i) sum += phases_[phase(-clock - i)];
  return sum;
}

std::int64_t CacheBlocks::room_for(std::int64_t clock, std::int64_t iterations) const {
  if (needed(clock, iterations) <= free_) return iterations;
  std::int64_t fits = 0, too_many = iterations;  // needed() grows with the iterations
  while (too_many - fits > 1) {
    const std::int64_t middle = fits + (too_many - fits) / 2;
    (needed(clock, middle) <= free_ ? fits : too_many) = middle;
  }
  return fits;
}

void CacheBlocks::grow(std::int64_t clock, std::int64_t iterations) {
  const std::int64_t blocks = needed(clock, iterations);
  free_ -= blocks;
  promised_ -= blocks;
}

}  // namespace superpod::models
