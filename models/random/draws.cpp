#include "models/random/draws.hpp"

#include <limits>
#include <vector>

namespace superpod::models {

std::mt19937_64 generator(std::int64_t seed, std::span<const std::uint32_t> words) {
  const auto bits = static_cast<std::uint64_t>(seed);
  std::vector<std::uint32_t> all{static_cast<std::uint32_t>(bits), static_cast<std::uint32_t>(bits >> 32U)};
  all.insert(all.end(), words.begin(), words.end());
  std::seed_seq sequence(all.begin(), all.end());
  return std::mt19937_64{sequence};
}

std::uint64_t uniform(std::mt19937_64& generator, std::uint64_t below) {
  constexpr std::uint64_t top = std::numeric_limits<std::uint64_t>::max();
  const std::uint64_t excess = (top % below + 1) % below;  // 2^64 mod below
  std::uint64_t number = generator();
  while (number > top - excess) number = generator();
  return number % below;
}

std::optional<std::int64_t> Draws::next() {
  if (drawn_ == size_) return std::nullopt;
  const std::int64_t place =
      drawn_ + static_cast<std::int64_t>(uniform(generator_, static_cast<std::uint64_t>(size_ - drawn_)));
  const std::int64_t number = at(place);
  moved_[place] = at(drawn_);
  moved_.erase(drawn_);  // no later draw looks there
  ++drawn_;
  return number;
}

std::int64_t Draws::at(std::int64_t place) const {
  const auto found = moved_.find(place);
  return found == moved_.end() ? place : found->second;
}

}  // namespace superpod::models
