#include "scenarios/asked/fault_list.hpp"

#include <algorithm>

#include "scenarios/asked/ground.hpp"
#include "sim/values/index.hpp"
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

FaultList fault_list(const models::DamagedCabling& damage, const topology::Cabling& cabling) {
  const auto name = [&](int node) { return cabling.nodes[index(node)].name; };
  FaultList list;
  for (std::size_t l = 0; l < damage.share.size(); ++l) {
    const double share = damage.share[l];
    if (share == 1) continue;
    (share == 0 ? list.dead_links : list.degraded_links) += 1;
    const auto& link = cabling.links[l];
    list.faults.push_back({"link", name(link.from) + " -> " + name(link.to), share_text(share), share});
  }
  const std::vector<int> npus = topology::npus_of(cabling);
  for (std::size_t n = 0; n < npus.size(); ++n) {
    const double speed = damage.speed[n];
    if (speed == 1) continue;
    list.slow_npus += 1;
    list.faults.push_back({"NPU", name(npus[n]), "speed " + percent_text(speed), speed});
  }
  return list;
}

FaultList fault_list(const ScenarioFile& file) {
  if (file.cabling) return fault_list(damage_of(file), *file.cabling);
  const Ground ground = ground_of(file.scenario);
  return fault_list(ground.asymmetry, ground.wiring);
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
