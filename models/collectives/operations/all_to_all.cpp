// Every rank sends a part of its own to every other.
#include "models/collectives/operations/operation.hpp"

namespace superpod::models {

constinit const OperationKind operations::all_to_all{
    .word = "all_to_all",
    .phrase = "an all-to-all",
    .keys = {.algorithm = true, .loads = true},
    .automatic = Algorithm::direct,
    .automatic_on_graph = Algorithm::direct,
    .bytes_to_send = once_to_others,
    .passes = 1,
    .keeps = as_the_algorithm,
    .append = [](const Collective& of, const Asked& asked, const Front& begin) {
      return of.all_to_all(asked.size, begin, asked.load);
    }};

}  // namespace superpod::models
