#include "scenarios/answers/traffic.hpp"

#include <algorithm>
#include <map>

#include "analysis/link_use.hpp"

namespace superpod::scenarios {
namespace {

/// Adds a class of links to those of its name: sums over links, until all are there.
void add(const Platform::Link& link, const analysis::LinkUse& use, LinkTraffic& sums) {
  sums.count += link.count;
  sums.bandwidth += link.count * link.bandwidth;
  sums.bytes += use.bytes;
  sums.utilisation += link.count * use.utilisation;
  sums.busiest = std::max(sums.busiest, use.utilisation);
  sums.busy = std::max(sums.busy, use.busy);
  for (std::size_t bin = 0; bin < Traffic::bins; ++bin)
    sums.over_time[bin] += link.count * use.over_time[bin];
}

}  // namespace

Traffic traffic_of(const models::Work& work, const Trace& trace) {
  const auto use = analysis::link_use(work.platform, work.work, trace, Traffic::bins);
  Traffic traffic{trace.makespan, {}};
  std::map<std::string, std::size_t> place;
  for (std::size_t l = 0; l < use.size(); ++l) {
    const auto& link = work.platform.links[l];
    const auto [at, is_new] = place.try_emplace(link.name, traffic.links.size());
    if (is_new) {
      traffic.links.emplace_back().name = link.name;
      traffic.links.back().over_time.resize(Traffic::bins);
    }
    add(link, use[l], traffic.links[at->second]);
  }
  for (LinkTraffic& links : traffic.links) {
    links.bandwidth = links.bandwidth / links.count;
    links.bytes = links.bytes / links.count;
    links.utilisation /= links.count;
    for (double& share : links.over_time) share /= links.count;
  }
  return traffic;
}

void add_traffic(const Traffic& traffic, analysis::Result& result) {
  std::vector<std::string> names;
  std::vector<double> count, bandwidth, bytes, utilisation, busiest, busy, start, over_time;
  for (const LinkTraffic& links : traffic.links) {
    names.push_back(links.name), count.push_back(links.count);
    bandwidth.push_back(links.bandwidth.in(unit::B / unit::s)), bytes.push_back(links.bytes.in(unit::B));
    utilisation.push_back(links.utilisation), busiest.push_back(links.busiest), busy.push_back(links.busy);
    over_time.insert(over_time.end(), links.over_time.begin(), links.over_time.end());
  }
  for (std::size_t bin = 0; bin < Traffic::bins; ++bin)
    start.push_back(traffic.time.in(unit::s) * static_cast<double>(bin) / static_cast<double>(Traffic::bins));
  result.tables.push_back(
      {"links",
       "link_class",
       "directed links that carry something, by network and kind",
       {{"name", "", "network, and which of its links", names},
        {"count", "", "directed links of this kind that carry something", count},
        {"bandwidth", "B/s", "payload of one link, in its direction; mean", bandwidth},
        {"bytes_per_link", "B", "carried by one link in the whole run; mean", bytes},
        {"utilisation", "", "bytes over bandwidth and run time; mean over the links", utilisation},
        {"busiest", "", "utilisation of the busiest of them", busiest},
        {"busy", "", "share of the run in which something is under way; the most of them", busy}},
       analysis::View::links});
  result.tables.push_back({"time",
                           "time",
                           "bins of equal width over the run",
                           {{"start", "s", "start of the bin, from the start of the run", start}},
                           analysis::View::bins});
  result.arrays.push_back({"link_utilisation",
                           "",
                           "bytes over bandwidth in each bin, mean over the links; a transfer's bytes are "
                           "spread evenly over its span",
                           {"link_class", "time"},
                           over_time});
}

}  // namespace superpod::scenarios
