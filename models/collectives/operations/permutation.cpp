// Each rank sends to the one whose values of the group's digits are `by` further, each modulo its digit's
// size: a permutation of the ranks. It needs no more than rotations of the digits on which `by` is not 0.
#include "models/collectives/operations/operation.hpp"

namespace superpod::models {
namespace {

Front permute(const Collective& of, const Asked& asked, const Front& begin) {
  const Group& group = of.group;
  return Exchange{of.to, group, begin}.with_one(asked.size, [&](topology::Values values) {
    for (const int d : group.digits()) {
      const auto digit = static_cast<std::size_t>(d);
      values[digit] = (values[digit] + asked.by[digit]) % group.size_of(d);
    }
    return values;
  });
}

topology::Digit::Group rotations(const Recipe& /*recipe*/, int by) {
  return by == 0 ? topology::Digit::Group::all : topology::Digit::Group::rotations;
}

}  // namespace

constinit const OperationKind operations::permutation{.word = "permutation",
                                                      .phrase = "a permutation",
                                                      .keys = {.by = true},
                                                      .bytes_to_send = whole,
                                                      .keeps = rotations,
                                                      .append = permute};

}  // namespace superpod::models
