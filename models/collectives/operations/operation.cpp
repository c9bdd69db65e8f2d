#include "models/collectives/operations/operation.hpp"

namespace superpod::models {

std::string_view Operation::word() const { return kind_->word; }

double operations::once_to_others(double ranks) { return (ranks - 1) / ranks; }

double operations::whole(double /*ranks*/) { return 1; }

topology::Digit::Group operations::as_the_algorithm(const Recipe& recipe, int /*by*/) {
  return recipe.along.keeps;
}

Algorithm resolved(Algorithm algorithm, Operation operation) {
  return algorithm == Algorithm::automatic ? operation.kind().automatic : algorithm;
}

}  // namespace superpod::models
