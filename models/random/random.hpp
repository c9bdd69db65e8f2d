/// Random numbers, the same on every machine and with every standard library: of the standard only the engine
/// is used, which is specified to the bit; its distributions and shuffles are not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <utility>
#include <vector>

namespace superpod::models {

/// Numbers one after the other.
/// Source: Matsumoto & Nishimura, "Mersenne Twister", ACM TOMACS 8(1), 1998 (std::mt19937_64).
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_{seed} {}

  /// For one purpose: `words` tell it from the others of the same seed, so that one more fault of one kind
  /// leaves those of other kinds where they were.
  Random(std::int64_t seed, std::span<const std::uint32_t> words);

  /// 64 bits.
  std::uint64_t bits() { return engine_(); }

  /// Uniform in [0, 1), a multiple of 2^-53.
  double uniform() { return static_cast<double>(bits() >> 11U) * 0x1p-53; }

  /// Uniform in [0, end), without bias: numbers from the last, incomplete multiple of `end` are drawn anew.
  std::uint64_t below(std::uint64_t end);

  /// Standard normal, by inversion: one number gives one.
  double normal();

  /// The shuffle of Fisher and Yates, from the last place down.
  /// Source: Durstenfeld, "Algorithm 235: Random permutation", CACM 7(7), 1964.
  template <class T>
  void shuffle(std::vector<T>& all) {
    for (std::size_t left = all.size(); left > 1; --left) std::swap(all[left - 1], all[below(left)]);
  }

 private:
  std::mt19937_64 engine_;
};

/// The `index`-th number of a stream of random numbers, uniform in (0, 1): any of them without those before,
/// so that more of them do not change the first ones.
/// Source: the mixing function of SplitMix64 (Steele, Lea & Flood, "Fast Splittable Pseudorandom Number
///         Generators", OOPSLA 2014).
double random_number(std::uint64_t stream, std::uint64_t index);

/// The seed of a stream of its own.
std::uint64_t stream(std::uint64_t seed, std::uint64_t index);

/// z with P(Z > z) = `tail` for a standard normal Z, 0 < tail < 1; to 1e-9.
/// Source: Abramowitz & Stegun, "Handbook of Mathematical Functions", 1964, 26.2.23, and one step of Halley's
///         method.
double normal_quantile(double tail);

}  // namespace superpod::models
