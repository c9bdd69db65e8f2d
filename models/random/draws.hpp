/// Whole numbers at random, the same on every machine.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <unordered_map>

namespace superpod::models {

/// A generator for one purpose: `words` tell it from the others of the same seed, so that one more fault of
/// one kind leaves those of other kinds where they were. Both std::seed_seq and std::mt19937_64 are specified
/// to the bit.
std::mt19937_64 generator(std::int64_t seed, std::span<const std::uint32_t> words);

/// Uniform in [0, below), without bias: numbers from the last, incomplete multiple of `below` are drawn anew.
/// std::uniform_int_distribution would not be the same with every library.
std::uint64_t uniform(std::mt19937_64& generator, std::uint64_t below);

/// The numbers of [0, size) in a random order, one after the other.
///
/// It is the shuffle of Fisher and Yates, of which only the places that were touched are kept.
/// Cost: constant for each number drawn, whatever `size` is.
/// Source: Durstenfeld, "Algorithm 235: Random permutation", CACM 7(7), 1964.
class Draws {
 public:
  Draws(std::mt19937_64 generator, std::int64_t size) : generator_{generator}, size_{size} {}

  /// Nothing when all were drawn.
  std::optional<std::int64_t> next();

 private:
  [[nodiscard]] std::int64_t at(std::int64_t place) const;

  std::mt19937_64 generator_;
  std::int64_t size_;
  std::int64_t drawn_ = 0;
  std::unordered_map<std::int64_t, std::int64_t>
      moved_;  // what lies at a place, unless it is the place itself
};

}  // namespace superpod::models
