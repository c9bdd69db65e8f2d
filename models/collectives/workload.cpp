#include "models/collectives/workload.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <numeric>
#include <stdexcept>

#include "sim/values/index.hpp"
#include "topology/routing/degraded_units.hpp"

namespace superpod::models {
namespace {

topology::Values end(const std::vector<int>& address, const topology::Fabric& fabric, bool last) {
  topology::Values values{};
  for (std::size_t level = 0; level < fabric.levels.size(); ++level)
    values[level] = !address.empty() ? address[level] : last ? fabric.levels[level].count - 1 : 0;
  return values;
}

/// One number for all that receive the same.
std::vector<int> kinds(const std::vector<double>& load) {
  std::map<double, int> known;
  std::vector<int> kind;
  for (const double its : load)
    kind.push_back(known.try_emplace(its, static_cast<int>(known.size())).first->second);
  return kind;
}

Method method_of(const CollectiveWorkload& workload, const topology::Fabric& fabric) {
  Method method{workload.algorithm};
  method.chunks = workload.chunks;
  for (std::size_t level = 0; level < fabric.levels.size(); ++level)
    if (const auto own = workload.algorithm_of.find(fabric.levels[level].name);
        own != workload.algorithm_of.end())
      method.of_level.emplace(static_cast<int>(level), own->second);
  return method;
}

}  // namespace

std::vector<int> digits_of(const CollectiveWorkload& workload, const topology::Fabric& fabric) {
  std::vector<int> digits;
  for (int level = static_cast<int>(fabric.levels.size()) - 1; level >= 0; --level) {
    const auto& [name, count] = fabric.levels[index(level)];
    const bool wanted =
        workload.over.empty() || std::ranges::find(workload.over, name) != workload.over.end();
    if (wanted && count > 1) digits.push_back(level);
  }
  return digits;
}

Asked asked(const CollectiveWorkload& workload, const topology::Fabric& fabric) {
  return {workload.size, end(workload.root, fabric, false), end(workload.destination, fabric, true),
          end(workload.by, fabric, false), loads(workload, fabric)};
}

Work plan(const CollectiveWorkload& workload, const topology::Wiring& wiring, Detail detail,
          const Asymmetry& asymmetry) {
  const topology::Fabric& fabric = wiring.fabric();
  if (const auto found = flaws(workload, fabric); !found.empty())
    throw std::invalid_argument{found.front().message};

  const std::vector<int> digits = digits_of(workload, fabric);
  const Undertaking what{workload.operation, method_of(workload, fabric), asked(workload, fabric)};
  const OperationKind::Keys& keys = what.operation.kind().keys;
  topology::Grid grid = topology::grid_of(wiring);
  restrict_for(grid, wiring, digits, what);
  topology::distinguish(grid, digits, kinds(what.asked.load));
  for (std::size_t d = 0; d < grid.size(); ++d) {
    if (keys.root) topology::single_out(grid[d], what.asked.root[d]);
    if (keys.destination) topology::single_out(grid[d], what.asked.destination[d]);
  }
  const topology::Routes routes{wiring, asymmetry.links};
  for (const topology::LinkKey& link : topology::degraded_units(routes))
    topology::single_out(grid, wiring, link);
  Work result;
  topology::Folding folding{routes, topology::Blocks{detail == Detail::full ? topology::full(grid) : grid},
                            result.platform};
  append(what, folding, digits, result.work);
  return result;
}

std::vector<double> loads(const CollectiveWorkload& workload, const topology::Fabric& fabric) {
  std::vector<double> load = workload.loads;
  if (load.empty() && workload.load_exponent > 0)
    for (double place = 1; place <= group_size(workload, fabric); ++place)
      load.push_back(std::pow(place, -workload.load_exponent));
  if (std::ranges::all_of(load, [&](double its) { return its == load.front(); })) return {};
  const double mean = std::accumulate(load.begin(), load.end(), 0.0) / static_cast<double>(load.size());
  for (double& its : load) its /= mean;
  return load;
}

double group_size(const CollectiveWorkload& workload, const topology::Fabric& fabric) {
  double product = 1;
  for (const int digit : digits_of(workload, fabric)) product *= fabric.levels[index(digit)].count;
  return product;
}

BytesPerSecond algorithm_bandwidth(const CollectiveWorkload& workload, Seconds time) {
  return workload.size / time;
}

BytesPerSecond bus_bandwidth(const CollectiveWorkload& workload, const topology::Fabric& fabric,
                             Seconds time) {
  const double ranks = group_size(workload, fabric);
  return workload.operation.kind().bytes_to_send(ranks) * algorithm_bandwidth(workload, time);
}

}  // namespace superpod::models
