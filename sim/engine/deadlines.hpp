#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace superpod {

/// The next date of each of some keys 0, 1, ...: a date may be changed in place, and what is due together is
/// taken together.
///
/// Cost: O(log n) for a date changed alone, O(1) each when many are changed or taken at once. 4 bytes a key,
///       16 a date.
class Deadlines {
 public:
  struct Entry {
    double date;
    std::int32_t key;
  };

  explicit Deadlines(std::size_t keys) : at_(keys, none) {}

  /// Each key at most once.
  void set(std::span<const Entry> entries);
  void remove(std::int32_t key);
  /// Appends the keys that are due no later than `date` and forgets their dates.
  void take_until(double date, std::vector<std::int32_t>& taken);
  [[nodiscard]] double next() const {
    return heap_.empty() ? std::numeric_limits<double>::infinity() : heap_.front().date;
  }

 private:
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  static constexpr std::size_t children = 4;  // four entries share a cache line

  void put(std::size_t at, const Entry& entry) {
    heap_[at] = entry;
    at_[static_cast<std::size_t>(entry.key)] = static_cast<std::uint32_t>(at);
  }
  void rise(std::size_t at);
  void sink(std::size_t at);
  void remove_at(std::size_t at);
  void order();

  std::vector<Entry> heap_;        // no entry is due before its parent
  std::vector<std::uint32_t> at_;  // [key] where in the heap
  std::vector<std::uint32_t> due_;
};

}  // namespace superpod
