#include "topology/metrics/cells.hpp"

#include <algorithm>
#include <numeric>

#include "sim/values/index.hpp"

namespace superpod::topology {
namespace {

using Symmetry = Wiring::Symmetry;

Cells each(int count) {
  Cells cells(index(count));
  std::iota(cells.begin(), cells.end(), 0);
  return cells;
}

Cells one(int count) {
  Cells cells(index(count), 0);
  return cells;
}

/// `seen` itself against all others.
Cells single_out(int count, int seen) {
  Cells cells(index(count), seen == 0 ? 1 : 0);
  cells[index(seen)] = 1 - cells[index(seen)];
  return cells;
}

/// Digits at equal distance from `seen` along the ring, either way: a torus is its own mirror image.
Cells mirrored(int count, int seen) {
  Cells of_distance(index(count), absent);
  Cells cells(index(count));
  int next = 0;
  for (int digit = 0; digit < count; ++digit) {
    const int ahead = (digit - seen + count) % count;
    int& cell = of_distance[index(std::min(ahead, count - ahead))];
    if (cell == absent) cell = next++;
    cells[index(digit)] = cell;
  }
  return cells;
}

bool is_ring(const Wiring& wiring, int level) {
  return std::holds_alternative<Torus>(wiring.fabric().networks[index(wiring.network_of(level))]);
}

}  // namespace

std::vector<Cells> separate(const Wiring& wiring) {
  std::vector<Cells> cells;
  cells.reserve(static_cast<std::size_t>(wiring.levels()));
  for (int level = 0; level < wiring.levels(); ++level) cells.push_back(each(wiring.count(level)));
  return cells;
}

std::vector<Cells> seen_from(const Wiring& wiring, const Address& npu) {
  std::vector<Cells> cells;
  for (int level = 0; level < wiring.levels(); ++level) {
    const int count = wiring.count(level);
    const int seen = npu[index(level)];
    if (wiring.symmetry(level) == Symmetry::all)
      cells.push_back(single_out(count, seen));
    else if (wiring.symmetry(level) == Symmetry::rotations && is_ring(wiring, level))
      cells.push_back(mirrored(count, seen));
    else
      cells.push_back(each(count));
  }
  return cells;
}

std::vector<Cells> halved(const Wiring& wiring, int level) {
  std::vector<Cells> cells;
  cells.reserve(static_cast<std::size_t>(wiring.levels()));
  for (int l = 0; l < wiring.levels(); ++l)
    cells.push_back(wiring.symmetry(l) == Symmetry::none ? each(wiring.count(l)) : one(wiring.count(l)));
  const int count = wiring.count(level);
  Cells& cut = cells[index(level)];
  if (wiring.symmetry(level) == Symmetry::all)
    std::fill(cut.begin() + count / 2, cut.end(), count / 2 == 0 ? 0 : 1);
  else
    cut = each(count);
  return cells;
}

std::vector<Cell> sizes(const Cells& cells) {
  std::vector<Cell> result;
  for (int digit = 0; digit < static_cast<int>(cells.size()); ++digit) {
    if (cells[index(digit)] == static_cast<int>(result.size())) result.push_back({digit, 0});
    ++result[index(cells[index(digit)])].size;
  }
  return result;
}

std::vector<Address> representatives(const Wiring& wiring) {
  std::vector<Address> npus{Address{}};
  for (int level = 0; level < wiring.levels(); ++level) {
    if (wiring.symmetry(level) != Symmetry::none) continue;
    const std::size_t before = npus.size();
    for (int digit = 1; digit < wiring.count(level); ++digit)
      for (std::size_t i = 0; i < before; ++i) {
        npus.push_back(npus[i]);
        npus.back()[index(level)] = digit;
      }
  }
  return npus;
}

}  // namespace superpod::topology
