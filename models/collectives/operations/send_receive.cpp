// One message, from one rank to another; both are classes of one rank.
#include "models/collectives/operations/operation.hpp"

namespace superpod::models {
namespace {

Front send(const Collective& of, const Asked& asked, const Front& begin) {
  topology::RankClasses& classes = of.group.classes();
  const RankId sender = classes.class_of(asked.root);
  return Exchange{of.to, of.group, begin}.send(asked.size, [&](RankId rank) {
    std::vector<RouteId> routes;
    if (rank == sender) routes.push_back(classes.route(rank, asked.destination));
    return routes;
  });
}

}  // namespace

constinit const OperationKind operations::send_receive{
    .word = "send_receive",
    .phrase = "a message from one NPU to another",
    .keys = {.root = true, .destination = true},
    .bytes_to_send = whole,
    .keeps = [](const Recipe&, int) { return topology::Digit::Group::all; },
    .append = send};

}  // namespace superpod::models
