// Every rank ends with the parts of all ranks.
#include "models/collectives/operations/operation.hpp"

namespace superpod::models {

constinit const OperationKind operations::all_gather{
    .word = "all_gather",
    .phrase = "an all-gather",
    .keys = {.algorithm = true},
    .bytes_to_send = once_to_others,
    .passes = 1,
    .keeps = as_the_algorithm,
    .append = [](const Collective& of, const Asked& asked, const Front& begin) {
      return of.all_gather(asked.size, begin);
    }};

}  // namespace superpod::models
