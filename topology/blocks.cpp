#include "topology/blocks.hpp"

#include <algorithm>

namespace superpod::topology {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

}  // namespace

Blocks::Blocks(Grid grid, int digits) : digits_{digits} {
  int blocks = 1;
  for (int d = 0; d < digits; ++d) blocks *= grid[index(d)].size;
  kinds_.push_back({std::move(grid), static_cast<double>(blocks), {}});
  kind_of_.assign(index(blocks), 0);
}

int Blocks::block(const Values& values) const {
  int number = 0;
  for (int d = 0; d < digits_; ++d) number = number * kinds_.front().grid[index(d)].size + values[index(d)];
  return number;
}

Values Blocks::values_of_block(int block) const {
  Values values{};
  for (int d = digits_; d-- > 0;) {
    const int size = kinds_.front().grid[index(d)].size;
    values[index(d)] = block % size;
    block /= size;
  }
  return values;
}

Grid& Blocks::single_out(const Values& values) {
  const int its_block = block(values);
  if (kinds_[index(kind_of(values))].count > 1) {
    int kind = absent;
    move_block(its_block, kind);
    drop_empty_kinds();
  }
  return kinds_[index(kind_of(values))].grid;
}

void Blocks::move_block(int block, int& kind) {
  int& its_kind = kind_of_[index(block)];
  if (kind == absent) {
    kind = static_cast<int>(kinds_.size());
    kinds_.push_back({kinds_[index(its_kind)].grid, 0, {}});
  }
  kinds_[index(its_kind)].count -= 1;
  kinds_[index(kind)].count += 1;
  its_kind = kind;
}

void Blocks::drop_empty_kinds() {
  std::vector<int> renumbered(kinds_.size(), absent);
  std::vector<Kind> left;
  for (std::size_t k = 0; k < kinds_.size(); ++k) {
    if (kinds_[k].count == 0) continue;
    renumbered[k] = static_cast<int>(left.size());
    left.push_back(std::move(kinds_[k]));
  }
  kinds_ = std::move(left);
  for (int& kind : kind_of_) kind = renumbered[index(kind)];
  for (std::size_t k = 0; k < kinds_.size(); ++k) {
    const auto first = std::ranges::find(kind_of_, static_cast<int>(k));
    kinds_[k].first = values_of_block(static_cast<int>(first - kind_of_.begin()));
  }
}

}  // namespace superpod::topology
