/// The blocks of one rank's cache of keys and values.
#pragma once

#include <cstdint>
#include <vector>

namespace superpod::models {

/// Requests that decode grow by a token in each decoding iteration, which the *decode clock* counts. One
/// takes a new block whenever its length is a multiple of the block, so that all that hangs on it is its
/// length less the clock, modulo the block: as many counters as tokens in a block tell what any number of
/// iterations takes.
///
/// Blocks are conserved: free + held by requests = all.
class CacheBlocks {
 public:
  CacheBlocks(std::int64_t blocks, int block_tokens)
      : all_{blocks}, free_{blocks}, tokens_{block_tokens}, phases_(static_cast<std::size_t>(block_tokens)) {}

  /// That hold so many tokens.
  [[nodiscard]] std::int64_t blocks_for(std::int64_t tokens) const {
    return (tokens + tokens_ - 1) / tokens_;
  }
  [[nodiscard]] std::int64_t all() const { return all_; }
  [[nodiscard]] std::int64_t free() const { return free_; }
  /// That running requests may still take before they end.
  [[nodiscard]] std::int64_t promised() const { return promised_; }

  /// Whether a request fits whose prompt takes `now` blocks, and all its tokens `at_end`, with room kept for
  /// a share of what all of them may still take.
  [[nodiscard]] bool has_room(std::int64_t now, std::int64_t at_end, double reserve_share) const;

  void take(std::int64_t now, std::int64_t at_end);
  void give_back(std::int64_t now, std::int64_t at_end);

  void join(std::int64_t length, std::int64_t clock) { ++phases_[phase(length - clock)]; }
  void leave(std::int64_t length, std::int64_t clock) { --phases_[phase(length - clock)]; }

  /// What the decoding iterations from `clock` on take.
  [[nodiscard]] std::int64_t needed(std::int64_t clock, std::int64_t iterations) const;
  /// How many of them there is room for, at most `iterations`.
  [[nodiscard]] std::int64_t room_for(std::int64_t clock, std::int64_t iterations) const;
  /// They happen; there must be room.
  void grow(std::int64_t clock, std::int64_t iterations);

 private:
  [[nodiscard]] std::size_t phase(std::int64_t difference) const {
    return static_cast<std::size_t>(((difference % tokens_) + tokens_) % tokens_);
  }

  std::int64_t all_, free_, promised_ = 0, tokens_;
  std::vector<std::int32_t> phases_;  // [length - clock, modulo the block] requests that decode
};

}  // namespace superpod::models
