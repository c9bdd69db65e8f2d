#include "topology/cabling/cabling_routes.hpp"

#include <algorithm>
#include <map>
#include <numeric>

#include "sim/values/index.hpp"
#include "topology/fabric/fabric.hpp"
#include "topology/routing/routes.hpp"

namespace superpod::topology {
namespace {

CablePath given(const Cabling::Route& route) {
  CablePath path;
  path.links = static_cast<int>(route.links.size());
  path.latency = route.latency;
  std::map<int, double> often;
  for (const int link : route.links) often[link] += 1;
  for (const auto& [link, times] : often) path.hops.push_back({link, times});
  return path;
}

}  // namespace

std::vector<int> npus_of(const Cabling& cabling) {
  std::vector<int> npus;
  for (std::size_t node = 0; node < cabling.nodes.size(); ++node)
    if (cabling.nodes[node].npu) npus.push_back(static_cast<int>(node));
  return npus;
}

CableSearch::Ends::Ends(const Cabling& cabling, int Cabling::Link::*end) : first(cabling.nodes.size() + 1) {
  for (const auto& link : cabling.links)
    if (link.*end != absent) ++first[index(link.*end) + 1];
  std::partial_sum(first.begin(), first.end(), first.begin());
  links.resize(first.back());
  std::vector<std::size_t> next(first.begin(), first.end() - 1);
  for (std::size_t l = 0; l < cabling.links.size(); ++l)
    if (cabling.links[l].*end != absent) links[next[index(cabling.links[l].*end)]++] = static_cast<int>(l);
}

CableSearch::CableSearch(const Cabling& cabling, bool npus_pass_on)
    : cabling_{cabling},
      npus_pass_on_{npus_pass_on},
      out_{cabling, &Cabling::Link::from},
      in_{cabling, &Cabling::Link::to},
      distance_(cabling.nodes.size(), -1),
      ways_(cabling.nodes.size()),
      onward_(cabling.nodes.size()),
      delay_(cabling.nodes.size()) {}

bool CableSearch::passes_on(int node) const {
  return node == from_ || npus_pass_on_ || !cabling_.nodes[index(node)].npu;
}

void CableSearch::start(int from) {
  for (const int node : reached_) {
    distance_[index(node)] = -1;
    ways_[index(node)] = 0;
  }
  from_ = from;
  reached_ = {from};
  expanded_ = 0;
  distance_[index(from)] = 0;
  ways_[index(from)] = 1;
}

bool CableSearch::reach(int to) {
  // Its ways are complete when all that are nearer have handed on theirs.
  while (expanded_ < reached_.size() &&
         (distance_[index(to)] < 0 || distance_[index(reached_[expanded_])] < distance_[index(to)])) {
    const int node = reached_[expanded_++];
    if (!passes_on(node)) continue;
    for (std::size_t l = out_.first[index(node)]; l < out_.first[index(node) + 1]; ++l) {
      const int next = cabling_.links[index(out_.links[l])].to;
      if (distance_[index(next)] < 0) {
        distance_[index(next)] = distance_[index(node)] + 1;
        reached_.push_back(next);
      }
      if (distance_[index(next)] == distance_[index(node)] + 1) ways_[index(next)] += ways_[index(node)];
    }
  }
  return distance_[index(to)] >= 0;
}

CablePath CableSearch::path(int to) {
  CablePath path;
  path.links = distance_[index(to)];
  std::vector<int> back{to};
  onward_[index(to)] = 1;
  for (std::size_t i = 0; i < back.size(); ++i) {
    const int node = back[i];
    for (std::size_t l = in_.first[index(node)]; l < in_.first[index(node) + 1]; ++l) {
      const auto& link = cabling_.links[index(in_.links[l])];
      const std::size_t before = index(link.from);
      if (distance_[before] < 0 || distance_[before] + 1 != distance_[index(node)] || !passes_on(link.from))
        continue;
      if (onward_[before] == 0) back.push_back(link.from);
      onward_[before] += onward_[index(node)];
      delay_[before] = std::max(delay_[before], link.latency.in(unit::s) + delay_[index(node)]);
      path.hops.push_back({in_.links[l], ways_[before] * onward_[index(node)] / ways_[index(to)]});
    }
  }
  path.latency = Seconds{delay_[index(from_)]};
  for (const int node : back) onward_[index(node)] = delay_[index(node)] = 0;
  return path;
}

CablingRoutes::CablingRoutes(const Cabling& cabling)
    : cabling_{cabling}, over_switches_{cabling, false}, over_all_{cabling, true} {}

CablePath CablingRoutes::path(int from, int to) {
  if (const auto found = cabling_.routes.find({from, to}); found != cabling_.routes.end())
    return given(found->second);
  if (from != from_) {
    over_switches_.start(from);
    over_all_started_ = false;
    from_ = from;
  }
  if (over_switches_.reach(to)) return over_switches_.path(to);
  if (!over_all_started_) over_all_.start(from);
  over_all_started_ = true;
  if (over_all_.reach(to)) return over_all_.path(to);
  throw Unreachable{"there is no way from '" + cabling_.nodes[index(from)].name + "' to '" +
                    cabling_.nodes[index(to)].name + "'"};
}

}  // namespace superpod::topology
