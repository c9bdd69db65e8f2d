#include "scenarios/asked/fault_list.hpp"

#include <algorithm>

#include "sim/values/quantity_text.hpp"
#include "topology/fabric/members.hpp"

namespace superpod::scenarios {
namespace {

using models::Asymmetry;
using topology::Wiring;

std::string share_text(double share) { return share == 0 ? "dead" : percent_text(share) + " left"; }

std::vector<Fault> faults_of(const Asymmetry& asymmetry, const Wiring& wiring) {
  std::vector<Fault> faults;
  for (const auto& [link, share] : asymmetry.links)
    faults.push_back({"link", topology::name_of(wiring, link), share_text(share), share});
  for (const auto& [at, speed] : asymmetry.npus)
    faults.push_back({"NPU", topology::address_text(wiring, at), "speed " + percent_text(speed), speed});
  const std::string& outermost = wiring.fabric().levels.front().name;
  for (const auto& [units, chip] : asymmetry.chips)
    for (const int unit : units)
      faults.push_back({"chip", outermost + " " + std::to_string(unit), chip.name, 1});
  return faults;
}

/// NPUs of a unit, or one.
double npus_at(const Wiring& wiring, const topology::Address& at) {
  double npus = 1;
  for (int level = 0; level < wiring.levels(); ++level)
    if (at[static_cast<std::size_t>(level)] == topology::absent) npus *= wiring.count(level);
  return npus;
}

}  // namespace

FaultList fault_list(const Asymmetry& asymmetry, const Wiring& wiring) {
  FaultList list;
  list.dead_links = static_cast<double>(std::ranges::count(asymmetry.links, 0.0, &topology::Degraded::share));
  list.degraded_links = static_cast<double>(asymmetry.links.size()) - list.dead_links;
  for (const auto& npu : asymmetry.npus) list.slow_npus += npus_at(wiring, npu.at);
  for (const auto& chip : asymmetry.chips)
    list.other_chip_npus += static_cast<double>(chip.units.size()) *
                            static_cast<double>(topology::npus(wiring.fabric())) / wiring.count(0);
  list.faults = faults_of(asymmetry, wiring);
  return list;
}

std::string text(const FaultList& list) {
  std::size_t widest = 0;
  for (const Fault& fault : list.faults) widest = std::max(widest, fault.where.size());
  std::string out;
  for (const Fault& fault : list.faults)
    out += "  " + fault.what + std::string(6 - fault.what.size(), ' ') + fault.where +
           std::string(widest - fault.where.size() + 2, ' ') + fault.state + "\n";
  return out;
}

}  // namespace superpod::scenarios
