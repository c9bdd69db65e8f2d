#include "models/serving/serving.hpp"

namespace superpod::models {

Pools pools_of(const Deployment& deployment) {
  if (const auto* apart = std::get_if<Disaggregated>(&deployment)) return {apart->prefill, &apart->decode};
  return {std::get<Aggregated>(deployment)};
}

}  // namespace superpod::models
