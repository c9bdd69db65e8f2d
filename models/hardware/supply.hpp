/// How many chips of a kind are made in a time, and when enough of them for a cluster are.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "sim/values/describe.hpp"
#include "sim/values/sourced.hpp"
#include "sim/values/units.hpp"
#include "topology/fabric/fabric.hpp"

namespace superpod::models {

/// Either the output itself, or what it follows from:
///
///     output = wafers * dies_per_wafer * yield / dies of a chip
///
/// Outputs are rates, e.g. 650000 1/y; a year has 365 days, a month the twelfth part of one.
struct ChipSupply {
  std::optional<Sourced<Hertz>> output, output_low, output_high;
  std::optional<Sourced<Hertz>> wafers;
  std::optional<Sourced<double>> dies_per_wafer, yield;

  static constexpr std::string_view kind = "chip_supply";
  static constexpr auto fields() {
    return std::tuple{
        optional("output", &ChipSupply::output, "good chips made in a time, e.g. 650000 1/y", positive),
        optional("output_low", &ChipSupply::output_low, "lowest estimate of it", positive),
        optional("output_high", &ChipSupply::output_high, "highest estimate of it", positive),
        optional("wafers", &ChipSupply::wafers,
                 "instead of output: wafers of this chip started in a time, e.g. 20000 1/month", positive),
        optional("dies_per_wafer", &ChipSupply::dies_per_wafer, "compute dies on a wafer, good or not",
                 positive),
        optional("yield", &ChipSupply::yield, "share of them that ends in a working chip",
                 Range{.low = 0, .high = 1, .low_excluded = true})};
  }
};

/// What a buyer gets of it: a scenario's `supply`.
struct Supply {
  Sourced<double> share_of_output{1.0};
  Seconds lead_time{};
  std::optional<ChipSupply> chips;

  static constexpr std::string_view kind = "supply";
  static constexpr auto fields() {
    return std::tuple{
        optional("share_of_output", &Supply::share_of_output,
                 "of the chips made that this buyer gets; 1 unless told",
                 Range{.low = 0, .high = 1, .low_excluded = true}),
        optional("lead_time", &Supply::lead_time,
                 "from the last chip to a cluster that runs: packaging, assembly, acceptance", not_negative),
        optional("chips", &Supply::chips, "instead of what the catalogue knows of the system's chip")};
  }
};

/// Chips in a time, for everybody.
struct Output {
  Hertz expected, low, high;  ///< low <= expected <= high; equal where no range is known
  Grade grade = Grade::assumed;
  std::string source, note;
};

/// None where neither the output nor all that it follows from is known.
std::optional<Output> output(const ChipSupply& supply, int dies_per_chip);

/// From the first chip to the running cluster.
struct Delivery {
  Seconds expected, low, high;  ///< low: at the highest output
  Grade grade = Grade::assumed;
  std::string source;
};

/// time = chips / (output * share) + lead time
///
/// Assumes: an output that does not change; nothing in stock; chips alone hold a cluster back.
Delivery delivery(double chips, const Output& output, const Supply& supply);

/// What is wrong with it: `wafers` without `yield`, a low estimate above a high one, nothing at all.
std::vector<topology::Flaw> flaws(const ChipSupply& supply);

}  // namespace superpod::models
