#include "models/faults/graph_fault_entries.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>

#include "models/faults/fault_entry.hpp"
#include "sim/values/index.hpp"

namespace superpod::models {
namespace {

using topology::Flaw;

const char* const name_the_nodes = "say which by the names of two nodes: between: [a, b]";
const char* const name_the_node = "say which by its name in the file: name: a";

std::string quoted(const std::string& name) { return "'" + name + "'"; }

/// What is wrong with how entries name parts.
class Check {
 public:
  Check(const GraphParts& parts, std::vector<Flaw>& found) : parts_{parts}, found_{found} {}

  void operator()(const LinkFault& fault, const std::string& entry) {
    if (parts_.tells_only_routes())
      return flaw(entry, "this file tells routes, not which nodes its links join",
                  "change the link in the file, or take a GraphML or Graphviz file");
    refuse(entry + ".network", !fault.network.empty(), "a graph has no networks", name_the_nodes);
    refuse(entry + ".from", fault.from.has_value(), "a graph has no addresses", name_the_nodes);
    refuse(entry + ".to", fault.to.has_value(), "a graph has no addresses", name_the_nodes);
    refuse(entry + ".rail", fault.rail.has_value(), "a graph has no rails", name_the_nodes);
    const bool is_named = fault.between || fault.from || fault.to;
    check_choice({is_named, fault.count.has_value(), entry, "`between`"}, found_);
    if (fault.cables && fault.share)
      flaw(entry + ".share", "lost cables say already which share is left",
           "give `cables` or `share`, not both");
    refuse(entry + ".cables", fault.count && fault.cables,
           "which links are drawn is not known, nor is how "
           "many cables they have",
           "give the `share` that is left, or none");
    if (fault.between) check_ends(fault, entry);
  }

  void operator()(const SwitchFault& fault, const std::string& entry) {
    refuse(entry + ".network", !fault.network.empty(), "a graph has no networks", name_the_node);
    refuse(entry + ".at", fault.at.has_value(), "a graph has no addresses", name_the_node);
    refuse(entry + ".rail", fault.rail.has_value(), "a graph has no rails", name_the_node);
    refuse(entry + ".planes", fault.planes.has_value(), "a graph has no planes", "leave it out");
    const bool is_named = !fault.name.empty() || fault.at;
    check_choice({is_named, fault.count.has_value(), entry, "`name`"}, found_);
    check_node(fault.name, entry + ".name", parts_.switches(), "is no switch");
  }

  void operator()(const NpuFault& fault, const std::string& entry) {
    refuse(entry + ".at", fault.at.has_value(), "a graph has no addresses", name_the_node);
    const bool is_named = !fault.name.empty() || fault.at;
    check_choice({is_named, fault.count.has_value(), entry, "`name`"}, found_);
    check_node(fault.name, entry + ".name", parts_.npus(), "is no NPU");
    if (!fault.name.empty() && !slow_.insert(fault.name).second)
      flaw(entry + ".name", "an NPU has one speed, but " + quoted(fault.name) + " has two", "name it once");
  }

 private:
  void flaw(const std::string& key, const std::string& message, const std::string& help) {
    found_.push_back({key, message, help});
  }
  void refuse(const std::string& key, bool is_said, const std::string& message, const std::string& help) {
    if (is_said) flaw(key, message, help);
  }

  std::optional<int> known(const std::string& name, const std::string& key) {
    const auto node = parts_.node(name);
    if (node) return node;
    const auto meant = parts_.closest(name);
    flaw(key, "this graph has no node " + quoted(name),
         meant ? "did you mean " + quoted(*meant) + "?" : "nodes go by their names in the file");
    return std::nullopt;
  }

  void check_node(const std::string& name, const std::string& key, const std::vector<int>& among,
                  const std::string& is_none) {
    if (name.empty()) return;
    if (const auto node = known(name, key); node && std::ranges::find(among, *node) == among.end())
      flaw(key, quoted(name) + " " + is_none, "its kind stands in the file");
  }

  void check_ends(const LinkFault& fault, const std::string& entry) {
    const auto& names = *fault.between;
    if (names.size() != 2) return flaw(entry + ".between", "a link joins two nodes", name_the_nodes);
    const auto from = known(names[0], entry + ".between.0"), to = known(names[1], entry + ".between.1");
    if (!from || !to) return;
    const std::vector<int> there = parts_.links({*from, *to}), back = parts_.links({*to, *from});
    if (there.empty() && (fault.one_way || back.empty()))
      return flaw(entry + ".between", "no link goes from " + quoted(names[0]) + " to " + quoted(names[1]),
                  "name both ends of one");
    const std::size_t cables = std::max(there.size(), back.size());
    if (fault.cables && index(*fault.cables) > cables)
      flaw(entry + ".cables",
           "there are not " + std::to_string(*fault.cables) + " cables between " + quoted(names[0]) +
               " and " + quoted(names[1]),
           "it has " + std::to_string(cables));
    if (fault.cables && !(parts_.alike(there) && parts_.alike(back)))
      flaw(entry + ".cables",
           "the cables between " + quoted(names[0]) + " and " + quoted(names[1]) + " are not alike",
           "give the `share` that is left of all");
  }

  const GraphParts& parts_;
  std::vector<Flaw>& found_;
  std::set<std::string> slow_;
};

template <class Fault>
void check_all(Check& check, const std::vector<Fault>& faults, const char* list) {
  for (std::size_t i = 0; i < faults.size(); ++i) check(faults[i], keyed(list, i));
}

}  // namespace

std::vector<Flaw> flaws_of_entries(const Faults& faults, const GraphParts& parts) {
  std::vector<Flaw> found;
  Check check{parts, found};
  check_all(check, faults.links, "links");
  check_all(check, faults.switches, "switches");
  check_all(check, faults.npus, "npus");
  if (!faults.planes.empty())
    found.push_back({"planes", "a graph has no planes", "name what is dead in `links` or `switches`"});
  if (!faults.chips.empty())
    found.push_back({"chips", "a graph has no units that could have another chip", "leave it out"});
  return found;
}

}  // namespace superpod::models
