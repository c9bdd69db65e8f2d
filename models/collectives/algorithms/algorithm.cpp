#include "models/collectives/algorithms/algorithm.hpp"

#include <algorithm>
#include <stdexcept>

#include "models/collectives/group/passed_on.hpp"

namespace superpod::models {
namespace {

/// What the method does along a digit; `part` is the operation that it must have.
template <class Part>
Part along(const Collective& of, int digit, Part AlongDigit::*part) {
  const auto& classes = of.group.classes();
  const int level = classes.grid()[static_cast<std::size_t>(digit)].level;
  const Recipe& recipe = on_level(of.method, level, classes.joined_alike(digit));
  if (recipe.along.*part == nullptr)
    throw std::invalid_argument{"there is no algorithm '" + std::string{recipe.word} +
                                "' for this operation"};
  return recipe.along.*part;
}

}  // namespace

std::string_view Algorithm::word() const { return recipe_->word; }

int Line::before() const {
  int before = 1;
  for (const int d : group.digits()) {
    if (d == digit) break;
    before *= group.size_of(d);
  }
  return before;
}

Amount Parcels::amount(const Group& group, Bytes even, int before, int after) const {
  return load.empty() ? Amount{even} : passed_on(group, size, load, before, after);
}

bool Spread::holds(const topology::Values& values) const {
  return std::ranges::all_of(open, [&](int digit) {
    return values[static_cast<std::size_t>(digit)] == root[static_cast<std::size_t>(digit)];
  });
}

const Recipe& on_level(const Method& method, int level, bool joined_alike) {
  const Recipe& recipe = method.algorithm.recipe();
  return recipe.on_level == nullptr ? recipe : recipe.on_level(method, level, joined_alike);
}

Legs reduce_scatter_legs(const Collective& of, Bytes size) {
  if (const auto own = of.method.algorithm.recipe().reduce_scatter) return own(of, size);
  Legs legs;
  for (const int digit : of.group.digits()) {
    const auto here = along(of, digit, &AlongDigit::reduce_scatter);
    legs.push_back([line = Line{of.to, of.group, digit}, size, here](const Front& begin) {
      return line.ranks() == 1 ? begin : here(line, size, begin);
    });
    size = size / of.group.size_of(digit);
  }
  return legs;
}

Legs all_gather_legs(const Collective& of, Bytes size) {
  if (const auto own = of.method.algorithm.recipe().all_gather) return own(of, size);
  Legs legs;
  Bytes held = size / of.group.size();
  for (auto digit = of.group.digits().rbegin(); digit != of.group.digits().rend(); ++digit) {
    held *= of.group.size_of(*digit);
    const auto here = along(of, *digit, &AlongDigit::all_gather);
    legs.push_back([line = Line{of.to, of.group, *digit}, held, here](const Front& begin) {
      return line.ranks() == 1 ? begin : here(line, held, begin);
    });
  }
  return legs;
}

Legs all_reduce_legs(const Collective& of, Bytes size) {
  if (const auto own = of.method.algorithm.recipe().all_reduce) return own(of, size);
  Legs legs = reduce_scatter_legs(of, size);
  for (Leg& leg : all_gather_legs(of, size)) legs.push_back(std::move(leg));
  return legs;
}

Legs all_to_all_legs(const Collective& of, const Parcels& parcels) {
  if (const auto own = of.method.algorithm.recipe().all_to_all) return own(of, parcels);
  Legs legs;
  for (const int digit : of.group.digits()) {
    const auto here = along(of, digit, &AlongDigit::all_to_all);
    legs.push_back([line = Line{of.to, of.group, digit}, parcels, here](const Front& begin) {
      return line.ranks() == 1 ? begin : here(line, parcels, begin);
    });
  }
  return legs;
}

/// The outermost digit is served first.
Legs broadcast_legs(const Collective& of, const Spread& spread) {
  const Recipe& recipe = of.method.algorithm.recipe();
  if (recipe.broadcast != nullptr) return recipe.broadcast(of, spread);
  if (recipe.along.broadcast == nullptr)
    throw std::invalid_argument{"a broadcast has no " + std::string{recipe.word} + " algorithm here"};
  Legs legs;
  Spread before{spread.size, spread.root, of.group.digits()};
  while (!before.open.empty()) {
    const Line line{of.to, of.group, before.open.back()};
    before.open.pop_back();
    legs.push_back([line, before, here = recipe.along.broadcast](const Front& begin) {
      return here(line, before, begin);
    });
  }
  return legs;
}

Front Collective::all_reduce(Bytes size, const Front& begin) const {
  return pass(to, method.chunks, all_reduce_legs(*this, size / method.chunks), begin);
}

Front Collective::reduce_scatter(Bytes size, const Front& begin) const {
  return pass(to, method.chunks, reduce_scatter_legs(*this, size / method.chunks), begin);
}

Front Collective::all_gather(Bytes size, const Front& begin) const {
  return pass(to, method.chunks, all_gather_legs(*this, size / method.chunks), begin);
}

Front Collective::all_to_all(Bytes size, const Front& begin, const std::vector<double>& load) const {
  return pass(to, method.chunks, all_to_all_legs(*this, {size / method.chunks, load}), begin);
}

Front Collective::broadcast(Bytes size, const topology::Values& root, const Front& begin) const {
  return pass(to, method.chunks, broadcast_legs(*this, {size / method.chunks, root, {}}), begin);
}

}  // namespace superpod::models
