#include "topology/folding/blocks.hpp"

#include <algorithm>

#include "sim/values/index.hpp"

namespace superpod::topology {
Blocks::Blocks(Grid grid, int digits, Alike alike) : digits_{digits} {
  int blocks = 1;
  for (int d = 0; d < digits; ++d) blocks *= grid[index(d)].size;
  const int kinds = alike == Alike::all ? 1 : blocks;
  kinds_.assign(index(kinds), {std::move(grid), static_cast<double>(blocks / kinds), {}});
  for (int b = 0; b < blocks; ++b) kind_of_.push_back(alike == Alike::all ? 0 : b);
  if (alike == Alike::none)
    for (int b = 0; b < blocks; ++b) kinds_[index(b)].first = values_of(b);
}

int Blocks::block(const Values& values) const {
  int number = 0;
  for (int d = 0; d < digits_; ++d) number = number * kinds_.front().grid[index(d)].size + values[index(d)];
  return number;
}

Values Blocks::values_of(int block) const {
  Values values{};
  for (int d = digits_; d-- > 0;) {
    const int size = kinds_.front().grid[index(d)].size;
    values[index(d)] = block % size;
    block /= size;
  }
  return values;
}

void Blocks::refine(const std::function<bool(const Values&)>& concerns,
                    const std::function<void(Grid&)>& change) {
  const std::size_t before = kinds_.size();
  std::vector<int> changed(before, absent);  // [kind] what becomes of its blocks that are concerned
  for (std::size_t b = 0; b < kind_of_.size(); ++b) {
    if (!concerns(values_of(static_cast<int>(b)))) continue;
    int& kind = kind_of_[b];
    int& other = changed[index(kind)];
    if (other == absent) {
      other = static_cast<int>(kinds_.size());
      kinds_.push_back({kinds_[index(kind)].grid, 0, {}});
      if (change) change(kinds_.back().grid);
    }
    kinds_[index(kind)].count -= 1;
    kinds_[index(other)].count += 1;
    kind = other;
  }
  drop_empty_kinds();
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
  for (std::size_t b = kind_of_.size(); b-- > 0;) {
    kind_of_[b] = renumbered[index(kind_of_[b])];
    kinds_[index(kind_of_[b])].first = values_of(static_cast<int>(b));
  }
}

}  // namespace superpod::topology
