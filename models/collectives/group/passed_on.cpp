#include "models/collectives/group/passed_on.hpp"

namespace superpod::models {

Amount passed_on(const Group& group, Bytes size, const std::vector<double>& load, int before, int after) {
  std::vector<double> sum(static_cast<std::size_t>(after));  // [place modulo after]
  for (std::size_t place = 0; place < load.size(); ++place) sum[place % sum.size()] += load[place];
  const Bytes of_mean = before * (size / static_cast<double>(load.size()));
  const topology::RankClasses& classes = group.classes();
  return Amount::Between{
      [&classes, digits = group.digits(), sum = std::move(sum), of_mean](RankId, RankId to) {
        const int place = topology::place_of(classes.grid(), digits, classes.representative(to));
        return of_mean * sum[static_cast<std::size_t>(place) % sum.size()];
      }};
}

}  // namespace superpod::models
