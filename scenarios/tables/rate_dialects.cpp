// Rates that were published without the shapes at which they were reached: no kernel model can use them.
#include "scenarios/tables/dialect.hpp"

namespace superpod::scenarios {
namespace {

Reading read_rate(const Cells& cells) {
  const std::string kernel{cells.text(cells.has("kernel") ? "kernel" : "operator")};
  return "a rate of " + in_quotes(kernel) + " without a shape";
}

}  // namespace

std::vector<Dialect> rate_dialects() {
  return {{"rates", {"kernel", "metric", "value", "unit", "fraction_of_cube_peak"}, read_rate, false},
          {"rates", {"kernel", "chip", "regime", "value", "unit"}, read_rate, false},
          {"rates", {"operator", "chip", "regime", "achieved", "unit"}, read_rate, false}};
}

}  // namespace superpod::scenarios
