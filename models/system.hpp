/// A supernode or cluster: one kind of chip on a fabric.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/chip.hpp"
#include "models/entry.hpp"
#include "sim/describe.hpp"
#include "topology/fabric.hpp"

namespace superpod::models {

struct System {
  std::string name;
  Entry<Chip> chip;
  std::vector<topology::Level> levels;
  std::vector<topology::Network> networks;
  Sourced<Seconds> endpoint_latency;
  std::map<std::string, Sourced<std::string>> facts;

  static constexpr std::string_view kind = "system";
  static constexpr auto fields() {
    return std::tuple{
        required("name", &System::name, "as its maker writes it"),
        required("chip", &System::chip, "catalogue name of its NPU, or a mapping that refines one"),
        required("levels", &System::levels,
                 "outermost first; the product of their counts is the number of NPUs"),
        required("networks", &System::networks, "innermost first; each level belongs to one"),
        optional("endpoint_latency", &System::endpoint_latency,
                 "paid once by each message, whatever its route", not_negative),
        optional("facts", &System::facts, "what else is known, in words")};
  }

  [[nodiscard]] topology::Fabric fabric() const { return {levels, networks, endpoint_latency}; }
};

}  // namespace superpod::models
