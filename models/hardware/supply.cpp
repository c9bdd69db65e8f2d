#include "models/hardware/supply.hpp"

#include <algorithm>

namespace superpod::models {
namespace {

/// Grade and sources of an output, figure by figure.
template <class T>
T used(const Sourced<T>& figure, Output& output) {
  output.grade = std::max(output.grade, figure.grade);
  if (!figure.source.empty() && output.source.find(figure.source) == std::string::npos)
    output.source += (output.source.empty() ? "" : ", ") + figure.source;
  if (!figure.note.empty()) output.note += (output.note.empty() ? "" : "; ") + figure.note;
  return figure.value;
}

bool is_made_of_wafers(const ChipSupply& supply) {
  return supply.wafers && supply.dies_per_wafer && supply.yield;
}

}  // namespace

std::optional<Output> output(const ChipSupply& supply, int dies_per_chip) {
  if (!supply.output && !is_made_of_wafers(supply)) return std::nullopt;
  Output output;
  output.grade = Grade::measured;  // until a figure is worse
  if (supply.output) {
    output.expected = used(*supply.output, output);
  } else {
    output.expected = used(*supply.wafers, output) * used(*supply.dies_per_wafer, output) *
                      used(*supply.yield, output) / dies_per_chip;
    output.grade = std::max(output.grade, Grade::derived);
  }
  output.low = supply.output_low ? used(*supply.output_low, output) : output.expected;
  output.high = supply.output_high ? used(*supply.output_high, output) : output.expected;
  return output;
}

Delivery delivery(double chips, const Output& output, const Supply& supply) {
  const auto time = [&](Hertz rate) {
    return chips / (rate.in(Hertz{1}) * supply.share_of_output.value) * unit::s + supply.lead_time;
  };
  Delivery delivery{time(output.expected), time(output.high), time(output.low), output.grade, output.source};
  if (supply.share_of_output.value < 1)
    delivery.grade = std::max(delivery.grade, supply.share_of_output.grade);
  return delivery;
}

std::vector<topology::Flaw> flaws(const ChipSupply& supply) {
  std::vector<topology::Flaw> found;
  const bool any_wafers = supply.wafers || supply.dies_per_wafer || supply.yield;
  if (supply.output && any_wafers)
    found.push_back({"output", "the output is told twice, itself and by wafers", "leave one out"});
  if (!supply.output && any_wafers && !is_made_of_wafers(supply))
    found.push_back(
        {"", "an output follows from wafers, dies_per_wafer and yield together", "add the others"});
  if (!supply.output && !any_wafers)
    found.push_back({"", "a supply without output", "e.g. `output: 650000 1/y`"});
  if (!found.empty()) return found;
  const Hertz expected = output(supply, 1)->expected;
  if (supply.output && supply.output_low && supply.output_low->value > expected)
    found.push_back({"output_low", "the lowest estimate is above the output", "swap them"});
  if (supply.output && supply.output_high && supply.output_high->value < expected)
    found.push_back({"output_high", "the highest estimate is below the output", "swap them"});
  return found;
}

}  // namespace superpod::models
