#include "models/mapping/layout.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

#include "sim/values/index.hpp"

namespace superpod::models {
namespace {

/// Gives the innermost free digits of a grid to one dimension after the other.
class Laying {
 public:
  explicit Laying(topology::Grid grid) : grid_{std::move(grid)}, left_{static_cast<int>(grid_.size())} {}

  /// False when the dimension does not end evenly within a level.
  bool lay(Dimension dimension, std::int64_t ranks) {
    while (ranks > 1) {
      if (left_ == 0) return false;
      const std::int64_t size = grid_[index(left_ - 1)].size;
      if (size > 1 && std::gcd(size, ranks) != std::min(size, ranks)) return false;
      if (size > ranks) {
        topology::split(grid_, left_ - 1, static_cast<int>(ranks));
        ++left_;
      }
      grid_[index(--left_)].name = size > 1 ? word(dimension) : "";
      ranks /= std::min(size, ranks);
    }
    return true;
  }

  /// Ranks that fill up the level that was begun, or the next one; 1 where none is left.
  [[nodiscard]] std::int64_t rest_of_level() const {
    for (int digit = left_; digit-- > 0;)
      if (grid_[index(digit)].size > 1) return grid_[index(digit)].size;
    return 1;
  }

  [[nodiscard]] int level() const { return grid_[index(std::max(left_ - 1, 0))].level; }
  topology::Grid take() { return std::move(grid_); }

 private:
  topology::Grid grid_;
  int left_;  // digits [0, left_) are free
};

/// The dimension that does not come out even, if there is one.
std::optional<Dimension> lay_all(Laying& laying, const std::vector<Dimension>& order,
                                 const DimensionSizes& sizes) {
  std::int64_t data_left = sizes.data;
  auto data_to_come = std::ranges::count(order, Dimension::data);
  for (const Dimension dimension : order) {
    std::int64_t ranks = sizes.of(dimension);
    if (dimension == Dimension::data) {
      ranks = --data_to_come > 0 ? laying.rest_of_level() : data_left;
      if (data_left % ranks != 0) return dimension;
      data_left /= ranks;
    }
    if (!laying.lay(dimension, ranks)) return dimension;
  }
  return std::nullopt;
}

}  // namespace

std::int64_t DimensionSizes::of(Dimension dimension) const {
  switch (dimension) {
    case Dimension::tensor:
      return tensor;
    case Dimension::context:
      return context;
    case Dimension::expert:
      return expert;
    case Dimension::pipeline:
      return pipeline;
    case Dimension::data:
      break;
  }
  return data;
}

DimensionSizes sizes_of(const Parallelism& parallel, std::int64_t npus) {
  const std::int64_t within = std::int64_t{parallel.tensor} * parallel.context;
  DimensionSizes sizes{parallel.tensor, parallel.context, parallel.expert > 1 ? parallel.expert / within : 1,
                       parallel.pipeline, 0};
  std::int64_t left = npus;  // divided step by step: the product of the sizes may be too large for a number
  for (const std::int64_t ranks : {sizes.tensor, sizes.context, sizes.expert, sizes.pipeline})
    left = ranks > 0 && left % ranks == 0 ? left / ranks : 0;
  sizes.data = left;
  return sizes;
}

Layout laid_out(const Parallelism& parallel, topology::Grid grid, std::int64_t npus) {
  Laying laying{std::move(grid)};
  const auto uneven = lay_all(laying, parallel.order, sizes_of(parallel, npus));
  const int level = laying.level();
  return {laying.take(), uneven, level};
}

std::vector<int> digits_of(const topology::Grid& grid, Dimension dimension) {
  std::vector<int> digits;
  for (int d = static_cast<int>(grid.size()) - 1; d >= 0; --d)
    if (grid[index(d)].name == word(dimension) && grid[index(d)].size > 1) digits.push_back(d);
  return digits;
}

std::vector<int> joined(std::vector<int> some, const std::vector<int>& others) {
  some.insert(some.end(), others.begin(), others.end());
  std::ranges::sort(some, std::greater{});
  return some;
}

std::string_view word(Dimension dimension) {
  return words(dimension)[static_cast<std::size_t>(dimension)].first;
}

}  // namespace superpod::models
