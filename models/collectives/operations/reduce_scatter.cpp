// Every rank ends with its part of the sum of all ranks' vectors.
#include "models/collectives/operations/operation.hpp"

namespace superpod::models {

constinit const OperationKind operations::reduce_scatter{
    .word = "reduce_scatter",
    .phrase = "a reduce-scatter",
    .keys = {.algorithm = true},
    .bytes_to_send = once_to_others,
    .passes = 1,
    .keeps = as_the_algorithm,
    .append = [](const Collective& of, const Asked& asked, const Front& begin) {
      return of.reduce_scatter(asked.size, begin);
    }};

}  // namespace superpod::models
