#include "scenarios/asked/faults_result.hpp"

#include <algorithm>
#include <cmath>

#include "scenarios/text/parameters.hpp"
#include "sim/values/quantity_text.hpp"
#include "topology/fabric/members.hpp"

namespace superpod::scenarios {
namespace {

using analysis::Result;
using models::Asymmetry;
using topology::Wiring;

/// What is not alike, where it is, and what it is like.
struct Fault {
  std::string what, where, state;
  double share;  // of bandwidth or speed that is left
};

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

void add_faults(const Asymmetry& asymmetry, const Wiring& wiring, Result& result) {
  const auto add = [&](const char* key, double value, const char* meaning) {
    result.figures.push_back({std::string{"faults."} + key, value, "", meaning});
  };
  const auto dead = std::ranges::count(asymmetry.links, 0.0, &topology::Degraded::share);
  double slow = 0, other = 0;
  for (const auto& npu : asymmetry.npus) slow += npus_at(wiring, npu.at);
  for (const auto& chip : asymmetry.chips)
    other += static_cast<double>(chip.units.size()) * static_cast<double>(topology::npus(wiring.fabric())) /
             wiring.count(0);
  add("dead_links", static_cast<double>(dead),
      "directed links that carry nothing; both ways of a cable count");
  add("degraded_links", static_cast<double>(asymmetry.links.size()) - static_cast<double>(dead),
      "directed links that have lost a part of their bandwidth, lost planes of a network not counted");
  add("slow_npus", slow, "NPUs that compute more slowly");
  add("other_chip_npus", other, "NPUs that are another chip");

  std::vector<std::string> what, where, state;
  std::vector<double> share;
  for (const Fault& fault : faults_of(asymmetry, wiring)) {
    what.push_back(fault.what), where.push_back(fault.where), state.push_back(fault.state);
    share.push_back(fault.share);
  }
  if (what.empty()) return;  // whole planes are no single links
  result.tables.push_back({"faults",
                           "fault",
                           "what is not like the rest of the system",
                           {{"what", "", "link, NPU or chip", what},
                            {"where", "", "address, outermost digit first; of a link its ends", where},
                            {"state", "", "in words", state},
                            {"share", "", "of bandwidth or speed that is left", share}}});
}

void add_slowdown(Seconds with_faults, Seconds without, Result& result) {
  const double slowdown = with_faults / without;
  result.figures.push_back({"faults.slowdown", slowdown, "", "time with faults over time without"});
  result.verdict += " Without faults it would take " + text(without) + ": they ";
  for (analysis::Figure& figure : result.figures)
    if (figure.interval) figure.meaning += "; its interval is as wide, in proportion, as without faults";
  const double cost = slowdown - 1;
  constexpr double nothing = 5e-4;  // shown as 0.0 %
  result.verdict += std::abs(cost) < nothing
                        ? "cost nothing."
                        : std::string{cost > 0 ? "cost " : "save "} + percent_text(std::abs(cost)) + ".";
}

std::string faults_text(const Asymmetry& asymmetry, const Wiring& wiring) {
  const std::vector<Fault> faults = faults_of(asymmetry, wiring);
  std::size_t widest = 0;
  for (const Fault& fault : faults) widest = std::max(widest, fault.where.size());
  std::string out;
  for (const Fault& fault : faults)
    out += "  " + fault.what + std::string(6 - fault.what.size(), ' ') + fault.where +
           std::string(widest - fault.where.size() + 2, ' ') + fault.state + "\n";
  return out;
}

}  // namespace superpod::scenarios
