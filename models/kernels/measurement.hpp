/// A row of a table of measured kernels.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/kernels/kernel.hpp"
#include "sim/values/units.hpp"

namespace superpod::models {

struct Measurement {
  /// What the caches held of the operands before each repeat.
  enum class Caches { unknown, cold, warm };

  std::string device;                ///< the chip: a catalogue name, e.g. `h200_sxm`
  std::string implementation;        ///< which library ran, in the table's words; may be empty
  std::vector<Kernel> kernels;       ///< measured together, one after the other; mostly one
  Seconds time;                      ///< of all of them: the median where there were repeats
  std::optional<Seconds> low, high;  ///< quartiles of the repeats, where known
  int repeats = 0;                   ///< 0: unknown
  Caches caches = Caches::unknown;
  std::string routing;  ///< how tokens were drawn to experts, in the table's words; empty without experts
  std::string source;   ///< who measured, where it was read
  int line = 0;         ///< of its row in the table's file, from 1
};

constexpr auto words(Measurement::Caches) {
  using std::pair, std::string_view;
  return std::array{pair{string_view{"unknown"}, Measurement::Caches::unknown},
                    pair{string_view{"cold"}, Measurement::Caches::cold},
                    pair{string_view{"warm"}, Measurement::Caches::warm}};
}

}  // namespace superpod::models
