// Every rank ends with the vector of one.
#include "models/collectives/operations/operation.hpp"

namespace superpod::models {

constinit const OperationKind operations::broadcast{
    .word = "broadcast",
    .phrase = "a broadcast",
    .keys = {.algorithm = true, .root = true},
    .automatic_on_graph = Algorithm::halving_doubling,
    .bytes_to_send = whole,
    .keeps = [](const Recipe& recipe, int /*by*/) { return recipe.along.broadcast_keeps; },
    .append = [](const Collective& of, const Asked& asked,
                 const Front& begin) { return of.broadcast(asked.size, asked.root, begin); }};

}  // namespace superpod::models
