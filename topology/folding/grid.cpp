#include "topology/folding/grid.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <stdexcept>
#include <utility>

namespace superpod::topology {

Grid grid_of(const Wiring& wiring) {
  Grid grid;
  for (int level = 0; level < wiring.levels(); ++level) {
    Digit digit;
    digit.name = wiring.fabric().levels[static_cast<std::size_t>(level)].name;
    digit.level = level;
    digit.size = wiring.count(level);
    switch (wiring.symmetry(level)) {
      case Wiring::Symmetry::all:
        digit.group = Digit::Group::all;
        break;
      case Wiring::Symmetry::rotations:
        digit.group = Digit::Group::rotations;
        break;
      case Wiring::Symmetry::none:
        digit.group = Digit::Group::none;
        break;
    }
    grid.push_back(digit);
  }
  return grid;
}

Grid full(Grid grid) {
  for (Digit& digit : grid) digit.group = Digit::Group::none;
  return grid;
}

void split(Grid& grid, int digit, int inner_size) {
  Digit& outer = grid[static_cast<std::size_t>(digit)];
  if (inner_size < 1 || outer.size % inner_size != 0)
    throw std::logic_error{"grid: a digit is split into equal parts"};
  if (grid.size() == max_digits)
    throw std::invalid_argument{"the mapping splits the levels into too many digits"};
  if (!outer.cell.empty()) throw std::logic_error{"grid: split first, single out later"};
  Digit inner = outer;
  inner.size = inner_size;
  outer.size /= inner_size;
  outer.stride *= inner_size;
  if (outer.group != Digit::Group::all) inner.group = Digit::Group::none;
  grid.insert(grid.begin() + digit + 1, inner);
}

void restrict(Digit& digit, Digit::Group needed) {
  using Group = Digit::Group;
  if (needed == Group::all || digit.group == needed) return;
  const bool whole = digit.group == Group::all && digit.cell.empty();
  const bool fits = needed != Group::xors || std::has_single_bit(static_cast<unsigned>(digit.size));
  digit.group = whole && fits ? needed : Group::none;
  digit.cell.clear();
}

void single_out(Digit& digit, int value) {
  if (digit.group == Digit::Group::none) return;
  if (digit.group != Digit::Group::all) {
    digit.group = Digit::Group::none;
    return;
  }
  if (digit.cell.empty()) digit.cell.assign(static_cast<std::size_t>(digit.size), 0);
  const int its_cell = digit.cell[static_cast<std::size_t>(value)];
  if (std::ranges::count(digit.cell, its_cell) > 1)
    digit.cell[static_cast<std::size_t>(value)] = *std::ranges::max_element(digit.cell) + 1;
}

int place_of(const Grid& grid, std::span<const int> digits, const Values& values) {
  int place = 0;
  int stride = 1;
  for (const int d : digits) {
    place += values[static_cast<std::size_t>(d)] * stride;
    stride *= grid[static_cast<std::size_t>(d)].size;
  }
  return place;
}

void distinguish(Grid& grid, std::span<const int> digits, std::span<const int> kind) {
  int stride = 1;
  for (const int d : digits) {
    Digit& digit = grid[static_cast<std::size_t>(d)];
    std::vector<std::vector<int>> seen(static_cast<std::size_t>(digit.size));  // [value] kinds, in order
    for (std::size_t place = 0; place < kind.size(); ++place)
      seen[place / static_cast<std::size_t>(stride) % seen.size()].push_back(kind[place]);
    stride *= digit.size;
    if (std::ranges::all_of(seen, [&](const auto& kinds) { return kinds == seen.front(); })) continue;
    if (digit.group != Digit::Group::all) {
      digit.group = Digit::Group::none;
      continue;
    }
    if (digit.cell.empty()) digit.cell.assign(seen.size(), 0);
    std::map<std::pair<int, std::vector<int>>, int> cells;  // numbered in the order of their first values
    for (std::size_t value = 0; value < seen.size(); ++value)
      digit.cell[value] =
          cells.try_emplace({digit.cell[value], seen[value]}, static_cast<int>(cells.size())).first->second;
  }
}

Address address_of(const Grid& grid, const Values& values) {
  Address address{};
  for (std::size_t d = 0; d < grid.size(); ++d)
    address[static_cast<std::size_t>(grid[d].level)] += values[d] * grid[d].stride;
  return address;
}

Values values_of(const Grid& grid, const Address& address) {
  Values values{};
  for (std::size_t d = 0; d < grid.size(); ++d) values[d] = grid[d].value_in(address);
  return values;
}

}  // namespace superpod::topology
