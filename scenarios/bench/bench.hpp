/// `superpod bench`: kernels measured here, into a table that `superpod calibrate` reads.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "models/kernels/measurement.hpp"
#include "scenarios/bench/device.hpp"
#include "scenarios/bench/repeats.hpp"
#include "scenarios/text/library.hpp"

namespace superpod::scenarios {

struct BenchPlan {
  std::size_t shapes = 200;  ///< each in every type that the device has, with warm and with cold caches
  std::uint64_t seed = 1;    ///< of the design and of the operands
  Effort effort;
  std::string name;  ///< of the device in the table; empty: its own
};

/// Fewer shapes, and less time for each: a minute rather than some ten.
BenchPlan quick_plan();

struct BenchTable {
  std::vector<models::Measurement> rows;
  std::vector<std::string> comments;            ///< what was measured, on which machine
  std::map<std::string, std::size_t> left_out;  ///< kernels of the plan that could not run, by reason
};

/// Measures all shapes of the plan, one after the other, and reports the share that is done. Throws
/// std::runtime_error when none could be measured.
BenchTable measure(BenchDevice& device, const Library& library, const BenchPlan& plan,
                   const std::function<void(double)>& progress = {});

void write(std::ostream& out, const BenchTable& table);

}  // namespace superpod::scenarios
