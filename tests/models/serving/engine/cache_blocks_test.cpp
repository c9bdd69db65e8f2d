#include "models/serving/engine/cache_blocks.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "models/random/random.hpp"

namespace superpod::models {
namespace {

TEST(CacheBlocks, GrowAsRequestByRequestWouldTell) {
  Random random{11};
  for (int round = 0; round < 200; ++round) {
    const auto block = static_cast<int>(1 + random.below(20));
    CacheBlocks cache{100000, block};
    std::vector<std::int64_t> lengths;
    std::int64_t clock = 0, at_end = 0;
    for (int step = 0; step < 20; ++step) {
      lengths.push_back(static_cast<std::int64_t>(1 + random.below(100)));
      cache.take(cache.blocks_for(lengths.back()), cache.blocks_for(lengths.back() + 1000));
      cache.join(lengths.back(), clock);
      at_end += cache.blocks_for(lengths.back() + 1000);
      const auto iterations = static_cast<std::int64_t>(random.below(40));
      std::int64_t more = 0, held = 0;
      for (std::int64_t& length : lengths) {
        more += cache.blocks_for(length + iterations) - cache.blocks_for(length);
        length += iterations;
        held += cache.blocks_for(length);
      }
      EXPECT_EQ(cache.needed(clock, iterations), more);
      cache.grow(clock, iterations);
      clock += iterations;
      EXPECT_EQ(cache.free() + held, cache.all());
      EXPECT_EQ(cache.promised(), at_end - held);
    }
  }
}

TEST(CacheBlocks, HaveRoomForAsManyIterationsAsTheyFill) {
  CacheBlocks cache{10, 4};
  for (int i = 0; i < 2; ++i) {
    cache.take(1, 10);
    cache.join(3, 0);  // a second block with the second token
  }
  EXPECT_EQ(cache.free(), 8);
  // Blocks are taken at iterations 1, 5, 9, 13, 17, by both: four of these fit.
  EXPECT_EQ(cache.room_for(0, 1000), 17);
  EXPECT_EQ(cache.room_for(0, 5), 5);
  EXPECT_EQ(cache.needed(0, 17), 8);
  EXPECT_EQ(cache.needed(0, 18), 10);
}

TEST(CacheBlocks, KeepRoomForTheShareThatIsAskedFor) {
  CacheBlocks cache{10, 1};
  cache.take(2, 6);  // four more may come
  EXPECT_TRUE(cache.has_room(8, 8, 0));
  EXPECT_FALSE(cache.has_room(8, 8, 0.25));
  EXPECT_TRUE(cache.has_room(7, 7, 0.25));
  EXPECT_TRUE(cache.has_room(4, 4, 1));
  EXPECT_FALSE(cache.has_room(4, 5, 1));
}

}  // namespace
}  // namespace superpod::models
