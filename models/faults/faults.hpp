/// What a scenario says about parts of a system that are dead, slow or different.
///
/// Addresses are digits, outermost first, from 0; one that is shorter than an NPU's stands for the unit that
/// these digits name. On a graph, which has no levels, parts go by the names in its file
/// (damaged_cabling.hpp). Each list takes parts by address and, with `count`, at random: drawn with the
/// scenario's seed, none twice and none that an entry of the list names. What breaks has its meaning in
/// topology/routing/faults.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/hardware/chip.hpp"
#include "models/hardware/entry.hpp"
#include "models/random/jitter.hpp"
#include "sim/values/describe.hpp"

namespace superpod::models {

inline constexpr Range working_share = usable_share;
inline constexpr std::string_view link_network_meaning = "name of the network that the link belongs to";
inline constexpr std::string_view switch_network_meaning = "name of the network that the switches belong to";

/// A link between two ends, or between one end and the switch above it; dead unless `cables` or `share` says
/// less.
struct LinkFault {
  std::string network;
  std::optional<std::vector<int>> from, to, rail;
  std::optional<int> count, cables;
  std::optional<double> share;
  bool one_way = false;
  std::optional<std::vector<std::string>> between = {};

  static constexpr std::string_view kind = "link_fault";
  static constexpr auto fields() {
    return std::tuple{
        optional("network", &LinkFault::network, link_network_meaning),
        optional(
            "from", &LinkFault::from,
            "address of one end: an NPU, or a unit: its switch; the other end is `to`, or the switch above",
            address_digit),
        optional("to", &LinkFault::to,
                 "address of the other end; alone: the link from the switch above down to it", address_digit),
        optional("rail", &LinkFault::rail,
                 "on rails, whose switches are told apart by it: position in the unit; default: all",
                 address_digit),
        optional("count", &LinkFault::count, "instead of addresses: so many links of the network, at random",
                 superpod::between(1, 65536)),
        optional("cables", &LinkFault::cables,
                 "parallel cables that are lost; the others carry their part too",
                 superpod::between(1, 1024)),
        optional("share", &LinkFault::share, "of the bandwidth that is left", working_share),
        optional("one_way", &LinkFault::one_way, "only the direction from `from` to `to`; default: both"),
        optional("between", &LinkFault::between,
                 "on a graph, instead of network and addresses: the names of the two nodes that it joins")};
  }
};

/// The switches that join the NPUs of one unit, in all planes or in some.
struct SwitchFault {
  std::string network;
  std::optional<std::vector<int>> at, rail;
  std::optional<int> count;
  std::optional<std::vector<int>> planes;
  std::string name = {};

  static constexpr std::string_view kind = "switch_fault";
  static constexpr auto fields() {
    return std::tuple{
        optional("network", &SwitchFault::network, switch_network_meaning),
        optional("at", &SwitchFault::at,
                 "address of the unit that they join; of the top switches: the digits outside of the network",
                 address_digit),
        optional("rail", &SwitchFault::rail,
                 "on rails, whose switches are told apart by it: position in the unit; default: all",
                 address_digit),
        optional("count", &SwitchFault::count, "instead of an address: those of so many units, at random",
                 between(1, 65536)),
        optional("planes", &SwitchFault::planes, "numbers, from 0, of the planes they are in; default: all",
                 between(0, 1023)),
        optional("name", &SwitchFault::name, "on a graph, instead of network and address: of the switch")};
  }
};

/// Whole planes of a network.
struct PlaneFault {
  std::string network;
  int count = 1;

  static constexpr std::string_view kind = "plane_fault";
  static constexpr auto fields() {
    return std::tuple{required("network", &PlaneFault::network, "name of the network"),
                      optional("count", &PlaneFault::count, "of its planes that are dead", between(1, 1024))};
  }
};

/// NPUs that compute more slowly.
struct NpuFault {
  std::optional<std::vector<int>> at;
  std::optional<int> count;
  double speed = 1;
  std::string name = {};

  static constexpr std::string_view kind = "npu_fault";
  static constexpr auto fields() {
    return std::tuple{
        optional("at", &NpuFault::at, "address of the NPU, or of a unit: all of its NPUs", address_digit),
        optional("count", &NpuFault::count, "instead of an address: so many NPUs, at random",
                 between(1, 65536)),
        required("speed", &NpuFault::speed, "of its computation, as a share of what it should be",
                 working_share),
        optional("name", &NpuFault::name, "on a graph, instead of an address: of the NPU")};
  }
};

/// Units of the outermost level whose NPUs have another chip.
struct ChipFault {
  std::vector<int> units;
  Entry<Chip> chip;

  static constexpr std::string_view kind = "other_chip";
  static constexpr auto fields() {
    return std::tuple{
        required("units", &ChipFault::units, "of the outermost level (pods), counted from 0", address_digit),
        required("chip", &ChipFault::chip, "catalogue name of their NPU, or a mapping that refines one")};
  }
};

struct Faults {
  std::vector<LinkFault> links;
  std::vector<SwitchFault> switches;
  std::vector<PlaneFault> planes;
  std::vector<NpuFault> npus;
  std::vector<ChipFault> chips;
  std::optional<Jitter> jitter;

  static constexpr std::string_view kind = "faults";
  static constexpr auto fields() {
    return std::tuple{
        optional("links", &Faults::links, "that are dead or slow"),
        optional("switches", &Faults::switches, "that are dead"),
        optional("planes", &Faults::planes, "of a network, that are dead everywhere"),
        optional("npus", &Faults::npus, "that are slow"),
        optional("chips", &Faults::chips, "units of the outermost level that have another chip"),
        optional("jitter", &Faults::jitter, "of the speeds of all NPUs, by chance")};
  }

  /// Jitter is no fault of some part: it does not count.
  [[nodiscard]] bool none() const {
    return links.empty() && switches.empty() && planes.empty() && npus.empty() && chips.empty();
  }
};

}  // namespace superpod::models
