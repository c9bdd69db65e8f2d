/// What a system is built of beside its NPUs: nodes and cabinets, switches, cables.
///
/// A figure that is absent is not known: nothing takes its place, and sums over it are lower bounds.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "sim/values/describe.hpp"
#include "sim/values/sourced.hpp"
#include "sim/values/units.hpp"

namespace superpod::models {

/// Nodes, cabinets and the like. Optical modules take their power from what they are plugged into.
struct Equipment {
  std::string name, level;
  std::optional<Sourced<double>> count;
  std::optional<Sourced<Watts>> power, power_with_npus;
  std::optional<Sourced<double>> cabinets;
  std::optional<Sourced<SquareMetres>> floor;
  std::vector<std::string> switches_of, cables_of;
  std::optional<Sourced<double>> optical_modules, cables;

  static constexpr std::string_view kind = "equipment";
  static constexpr auto fields() {
    return std::tuple{
        required("name", &Equipment::name, "what it is called: node, compute cabinet"),
        optional("level", &Equipment::level,
                 "level of whose units each has some, e.g. cabinet; none: the whole system is the unit"),
        optional("count", &Equipment::count,
                 "in each unit; 1 unless told, 0.25 is one for four units; the sum is rounded up", positive),
        optional("power", &Equipment::power, "of one, without its NPUs, at full load", not_negative),
        optional("power_with_npus", &Equipment::power_with_npus,
                 "instead of power: of one with its NPUs; what these do not take is its own", positive),
        optional("cabinets", &Equipment::cabinets, "that one fills; 0.25 where four share a cabinet",
                 not_negative),
        optional("floor", &Equipment::floor, "that one needs, with its share of the aisles", not_negative),
        optional("switches_of", &Equipment::switches_of, "networks whose switches stand in it"),
        optional("cables_of", &Equipment::cables_of,
                 "networks whose cables are told here, as a published count, and not counted in the fabric"),
        optional("optical_modules", &Equipment::optical_modules, "of one, of the networks in cables_of",
                 not_negative),
        optional("cables", &Equipment::cables, "of one, of the networks in cables_of", not_negative)};
  }
};

enum class Medium {
  board,              ///< traces of a board: no cable
  electrical,         ///< passive copper, also of a backplane
  active_electrical,  ///< copper with retimers
  optical,            ///< fibre with a module at each end
};

constexpr auto words(Medium) {
  return std::array{std::pair{std::string_view{"board"}, Medium::board},
                    std::pair{std::string_view{"electrical"}, Medium::electrical},
                    std::pair{std::string_view{"active_electrical"}, Medium::active_electrical},
                    std::pair{std::string_view{"optical"}, Medium::optical}};
}

/// The cables of one stage of a network, counted in the fabric.
struct Cables {
  std::string network;
  int stage = 0;
  Sourced<Medium> medium;
  Sourced<BytesPerSecond> bandwidth;
  Sourced<double> modules{2.0};

  static constexpr std::string_view kind = "cables";
  static constexpr auto fields() {
    return std::tuple{
        required("network", &Cables::network, "whose cables they are"),
        optional("stage", &Cables::stage,
                 "0: between two NPUs, or an NPU and its first switch; 1: from there to the next; and so on",
                 between(0, 64)),
        required("medium", &Cables::medium, "what they are made of"),
        required("bandwidth", &Cables::bandwidth, "of one cable, in one direction", positive),
        optional("modules", &Cables::modules, "optical modules of one optical cable; 2 unless told",
                 not_negative)};
  }
};

/// The switches of one tier of a network that stand in no equipment, counted in the fabric.
struct Switches {
  std::string name, network;
  int tier = 0;
  Sourced<BytesPerSecond> capacity;
  std::optional<Sourced<Watts>> power;
  std::optional<Sourced<double>> cabinets;
  std::optional<Sourced<SquareMetres>> floor;

  static constexpr std::string_view kind = "switches";
  static constexpr auto fields() {
    return std::tuple{
        required("name", &Switches::name, "what one is called: leaf switch"),
        required("network", &Switches::network, "whose switches they are"),
        optional("tier", &Switches::tier, "0: those next to the NPUs", between(0, 64)),
        required("capacity", &Switches::capacity,
                 "of all ports of one, in one direction: 64 ports of 50 GB/s are 3.2 TB/s", positive),
        optional("power", &Switches::power, "of one, at full load, with its modules", not_negative),
        optional("cabinets", &Switches::cabinets, "that one fills", not_negative),
        optional("floor", &Switches::floor, "that one needs, with its share of the aisles", not_negative)};
  }
};

}  // namespace superpod::models
