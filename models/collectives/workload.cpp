#include "models/collectives/workload.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <map>
#include <numeric>
#include <stdexcept>

#include "sim/values/index.hpp"
#include "topology/routing/degraded_units.hpp"

namespace superpod::models {
namespace {

using topology::Flaw;

/// Levels of a group, innermost first; one digit of the grid each. Levels of one NPU take no part.
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

topology::Values end(const std::vector<int>& address, const topology::Fabric& fabric, bool last) {
  topology::Values values{};
  for (std::size_t level = 0; level < fabric.levels.size(); ++level)
    values[level] = !address.empty() ? address[level] : last ? fabric.levels[level].count - 1 : 0;
  return values;
}

void check_address(const std::vector<int>& address, const std::string& key, const topology::Fabric& fabric,
                   std::vector<Flaw>& found) {
  if (address.empty()) return;
  if (address.size() != fabric.levels.size())
    found.push_back({key, "an address of this system has " + std::to_string(fabric.levels.size()) + " digits",
                     "one digit a level, outermost first"});
  for (std::size_t i = 0; i < std::min(address.size(), fabric.levels.size()); ++i)
    if (address[i] < 0 || address[i] >= fabric.levels[i].count)
      found.push_back({key, "there is no " + fabric.levels[i].name + " " + std::to_string(address[i]),
                       "counting from 0, up to " + std::to_string(fabric.levels[i].count - 1)});
}

bool has_ends(Operation operation) {
  return operation == Operation::broadcast || operation == Operation::send_receive;
}

/// What `algorithm_of` and `chunks` ask of an operation and of the levels.
void check_algorithms(const CollectiveWorkload& workload, const topology::Fabric& fabric,
                      std::vector<Flaw>& found) {
  const Operation operation = workload.operation;
  if (workload.chunks > 1 && (operation == Operation::send_receive || operation == Operation::permutation))
    found.push_back(
        {"chunks", "a message from one NPU to one other has no levels to overlap", "leave it out"});
  if (workload.algorithm_of.empty()) return;
  if (has_ends(operation) || operation == Operation::permutation ||
      resolved(workload.algorithm, operation) != Algorithm::hierarchical)
    found.push_back({"algorithm_of", "only a hierarchical collective goes level by level",
                     "say `algorithm: hierarchical`; broadcasts have one algorithm for all levels"});
  for (const auto& [name, algorithm] : workload.algorithm_of) {
    const std::string key = "algorithm_of." + name;
    const auto level = std::ranges::find(fabric.levels, name, &topology::Level::name);
    if (level == fabric.levels.end())
      found.push_back({key, "this system has no level '" + name + "'",
                       "its levels, outermost first, are in `superpod show SYSTEM`"});
    else if (algorithm == Algorithm::automatic || algorithm == Algorithm::hierarchical)
      found.push_back({key, "along one level there is no hierarchy", "use ring, direct or halving_doubling"});
    else if (algorithm == Algorithm::halving_doubling &&
             !std::has_single_bit(static_cast<unsigned>(level->count)))
      found.push_back({key, "halving_doubling needs a power of two, not " + std::to_string(level->count),
                       "use ring or direct"});
  }
}

void check_permutation(const CollectiveWorkload& workload, const topology::Fabric& fabric,
                       std::vector<Flaw>& found) {
  check_address(workload.by, "by", fabric, found);
  if (workload.operation != Operation::permutation) {
    if (!workload.by.empty()) found.push_back({"by", "only a permutation has it", "leave it out"});
    return;
  }
  bool moves = false;
  const auto digits = digits_of(workload, fabric);
  for (std::size_t level = 0; level < workload.by.size(); ++level) {
    if (workload.by[level] == 0) continue;
    moves = true;
    if (std::ranges::find(digits, static_cast<int>(level)) == digits.end())
      found.push_back({"by", "it leads out of the group", "name that level in `over`, or use 0 there"});
  }
  if (!moves)
    found.push_back({"by", "a rank does not send to itself", "at least one level's number is above 0"});
}

void check_loads(const CollectiveWorkload& workload, const topology::Fabric& fabric,
                 std::vector<Flaw>& found) {
  const bool listed = !workload.loads.empty();
  const std::string key = listed ? "loads" : "load_exponent";
  if (!listed && workload.load_exponent == 0) return;
  if (workload.operation != Operation::all_to_all)
    found.push_back({key, "only in an all-to-all some ranks receive more than others", "leave it out"});
  if (!listed) return;
  if (workload.load_exponent != 0)
    found.push_back({"load_exponent", "loads are given as a list as well", "leave one of them out"});
  if (const double ranks = group_size(workload, fabric); static_cast<double>(workload.loads.size()) != ranks)
    found.push_back({key,
                     std::to_string(workload.loads.size()) + " loads for groups of " +
                         std::to_string(static_cast<std::int64_t>(ranks)) + " ranks",
                     "one a rank, innermost level first"});
  if (std::accumulate(workload.loads.begin(), workload.loads.end(), 0.0) <= 0)
    found.push_back({key, "no rank receives anything", "at least one load above 0"});
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

Front append(const CollectiveWorkload& workload, const Writer& to, const Communicator& group) {
  const Front begin = group.start();
  const Method method = method_of(workload, group.folding().wiring().fabric());
  topology::Folding& folding = group.folding();
  const topology::Fabric& fabric = folding.wiring().fabric();
  switch (workload.operation) {
    case Operation::all_reduce:
      return all_reduce(to, group, workload.size, method, begin);
    case Operation::reduce_scatter:
      return reduce_scatter(to, group, workload.size, method, begin);
    case Operation::all_gather:
      return all_gather(to, group, workload.size, method, begin);
    case Operation::all_to_all:
      return all_to_all(to, group, workload.size, method, begin, loads(workload, fabric));
    case Operation::broadcast:
      return broadcast(to, group, workload.size, method, end(workload.root, fabric, false), begin);
    case Operation::send_receive:
      return send_receive(to, group, workload.size, folding.class_of(end(workload.root, fabric, false)),
                          folding.class_of(end(workload.destination, fabric, true)), begin);
    case Operation::permutation:
      return permute(to, group, workload.size, end(workload.by, fabric, false), begin);
  }
  throw std::logic_error{"collective: an operation without a task graph"};
}

}  // namespace

std::vector<Flaw> flaws(const CollectiveWorkload& workload, const topology::Fabric& fabric) {
  std::vector<Flaw> found;
  for (std::size_t i = 0; i < workload.over.size(); ++i)
    if (std::ranges::find(fabric.levels, workload.over[i], &topology::Level::name) == fabric.levels.end())
      found.push_back({"over." + std::to_string(i), "this system has no level '" + workload.over[i] + "'",
                       "its levels, outermost first, are in `superpod show SYSTEM`"});
  if (!found.empty()) return found;
  const auto digits = digits_of(workload, fabric);
  if (digits.empty())
    found.push_back({"over", "a group has one rank only", "name levels with more than one unit"});
  const Algorithm chosen = resolved(workload.algorithm, workload.operation);
  if (chosen == Algorithm::halving_doubling && workload.operation != Operation::broadcast)
    for (const int digit : digits)
      if (!std::has_single_bit(static_cast<unsigned>(fabric.levels[index(digit)].count)))
        found.push_back({"algorithm",
                         "halving_doubling needs powers of two, but level '" +
                             fabric.levels[index(digit)].name + "' has " +
                             std::to_string(fabric.levels[index(digit)].count),
                         "use ring, direct or hierarchical"});
  if (chosen == Algorithm::ring && workload.operation == Operation::broadcast)
    found.push_back(
        {"algorithm", "a broadcast has no ring algorithm", "use direct, hierarchical or halving_doubling"});
  check_algorithms(workload, fabric, found);
  check_permutation(workload, fabric, found);
  check_loads(workload, fabric, found);
  check_address(workload.root, "root", fabric, found);
  check_address(workload.destination, "destination", fabric, found);
  if (found.empty() && workload.operation == Operation::send_receive &&
      end(workload.root, fabric, false) == end(workload.destination, fabric, true))
    found.push_back(
        {"destination", "a rank does not send to itself", "give root and destination different addresses"});
  return found;
}

Work plan(const CollectiveWorkload& workload, const topology::Wiring& wiring, Detail detail,
          const Asymmetry& asymmetry) {
  const topology::Fabric& fabric = wiring.fabric();
  if (const auto found = flaws(workload, fabric); !found.empty())
    throw std::invalid_argument{found.front().message};

  const std::vector<int> digits = digits_of(workload, fabric);
  topology::Grid grid = topology::grid_of(wiring);
  if (workload.operation == Operation::permutation) {
    for (const int digit : digits)
      if (workload.by[index(digit)] > 0)
        topology::restrict(grid[index(digit)], topology::Digit::Group::rotations);
  } else {
    restrict_for(grid, wiring, digits, workload.operation, method_of(workload, fabric));
  }
  topology::distinguish(grid, digits, kinds(loads(workload, fabric)));
  if (has_ends(workload.operation))
    for (std::size_t d = 0; d < grid.size(); ++d) {
      topology::single_out(grid[d], end(workload.root, fabric, false)[d]);
      if (workload.operation == Operation::send_receive)
        topology::single_out(grid[d], end(workload.destination, fabric, true)[d]);
    }
  const topology::Routes routes{wiring, asymmetry.links};
  for (const topology::LinkKey& link : topology::degraded_units(routes))
    topology::single_out(grid, wiring, link);
  Work result;
  topology::Folding folding{routes, topology::Blocks{detail == Detail::full ? topology::full(grid) : grid},
                            result.platform};

  std::vector<RankId> ranks(index(folding.classes()));
  std::iota(ranks.begin(), ranks.end(), 0);
  const Communicator group{folding, ranks, digits};
  std::string name{words(Operation{})[static_cast<std::size_t>(workload.operation)].first};
  append(workload, {result.work, result.work.label(name, name), -1}, group);
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
  const double to_others = (ranks - 1) / ranks;
  switch (workload.operation) {
    case Operation::all_reduce:
      return 2 * to_others * algorithm_bandwidth(workload, time);
    case Operation::reduce_scatter:
    case Operation::all_gather:
    case Operation::all_to_all:
      return to_others * algorithm_bandwidth(workload, time);
    case Operation::broadcast:
    case Operation::send_receive:
    case Operation::permutation:
      return algorithm_bandwidth(workload, time);
  }
  throw std::logic_error{"collective: an operation without a bus bandwidth"};
}

}  // namespace superpod::models
