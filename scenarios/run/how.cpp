#include "scenarios/run/how.hpp"

namespace superpod::scenarios {

void foresee(const models::Work& work, const How& how) {
  const bool one_by_one = how.detail == models::Detail::full;
  const Forecast need = forecast(how.detail, one_by_one ? counts_one_by_one(work) : counts(work));
  if (how.foreseen) how.foreseen(need);
  require_room(need);
}

}  // namespace superpod::scenarios
