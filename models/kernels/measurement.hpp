/// A row of a table of measured kernels.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/kernels/kernel.hpp"
#include "sim/units.hpp"

namespace superpod::models {

struct Measurement {
  std::string device;                ///< the chip: a catalogue name, e.g. `h200_sxm`
  std::string implementation;        ///< which library ran, in the table's words; may be empty
  std::vector<Kernel> kernels;       ///< measured together, one after the other; mostly one
  Seconds time;                      ///< of all of them: the median where there were repeats
  std::optional<Seconds> low, high;  ///< quartiles of the repeats, where known
  std::string source;                ///< who measured, where it was read
  int line = 0;                      ///< of its row in the table's file, from 1
};

}  // namespace superpod::models
