/// What the links of a run carried.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/result.hpp"
#include "models/work/work.hpp"
#include "sim/platform/trace.hpp"
#include "sim/values/units.hpp"

namespace superpod::scenarios {

/// Links of one name, which differ in who uses them, taken together.
struct LinkTraffic {
  std::string name;
  double count = 0;              ///< directed links that carry something
  BytesPerSecond bandwidth;      ///< of one link; mean
  Bytes bytes;                   ///< by one link in the whole run; mean
  double utilisation = 0;        ///< bytes over bandwidth and run time; mean over the links
  double busiest = 0, busy = 0;  ///< utilisation of the busiest; share of the run in which something moves
  std::vector<double> over_time = {};  ///< [bin] utilisation
};

struct Traffic {
  static constexpr std::size_t bins = 200;  ///< of equal width over the run
  Seconds time;                             ///< of the run
  std::vector<LinkTraffic> links;
};

Traffic traffic_of(const models::Work& work, const Trace& trace);

/// The tables `links` and `time`, and the array `link_utilisation` over both.
void add_traffic(const Traffic& traffic, analysis::Result& result);

}  // namespace superpod::scenarios
