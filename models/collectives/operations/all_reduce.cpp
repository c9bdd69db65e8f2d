// Every rank ends with the sum of all ranks' vectors.
#include "models/collectives/operations/operation.hpp"

namespace superpod::models {

constinit const OperationKind operations::all_reduce{
    .word = "all_reduce",
    .phrase = "an all-reduce",
    .keys = {.algorithm = true},
    .bytes_to_send = [](double ranks) { return 2 * once_to_others(ranks); },
    .passes = 2,
    .keeps = as_the_algorithm,
    .append = [](const Collective& of, const Asked& asked,
                 const Front& begin) { return of.all_reduce(asked.size, begin); }};

}  // namespace superpod::models
