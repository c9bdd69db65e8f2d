// The operations that a scenario can name, in the order in which they are listed.
#include "models/collectives/operations/operation.hpp"

namespace superpod::models {

std::vector<std::pair<std::string_view, Operation>> words(Operation) {
  using namespace operations;
  std::vector<std::pair<std::string_view, Operation>> all;
  for (const OperationKind* kind :
       {&all_reduce, &reduce_scatter, &all_gather, &all_to_all, &broadcast, &send_receive, &permutation})
    all.emplace_back(kind->word, Operation{*kind});
  return all;
}

}  // namespace superpod::models
