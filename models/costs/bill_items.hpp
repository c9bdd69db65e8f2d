/// The items of a bill, and their sums.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/values/sourced.hpp"
#include "sim/values/units.hpp"

namespace superpod::models {

/// A sum, and what is not in it because it is not known: then the sum is a lower bound.
template <class Q>
struct Total {
  Q known{};
  std::vector<std::string> missing;  ///< in words: `power of NPU`

  [[nodiscard]] bool complete() const { return missing.empty(); }
};

/// One kind of things. A figure that is absent is not known; what does not apply is 0.
struct BillItem {
  enum class Kind { npu, equipment, switches, cables, unit };
  Kind kind = Kind::equipment;
  std::string name = {};  ///< `NPU`, `compute cabinet`, `InfiniBand cables of stage 1 (optical)`
  double count = 0;       ///< NaN where it is not known
  std::string per = {};   ///< what has one or some of them: `NPU`, `cabinet`, `system`, a network
  /// Of all; of equipment without its NPUs, unless theirs is not known (npus_in_equipment).
  std::optional<Watts> power = {};
  std::optional<SquareMetres> floor = {};
  std::optional<double> cabinets = {}, optical_modules = {}, cables = {};
  /// Of one, and of all; absent also where it is contained in another's price.
  std::optional<Money> price = {}, cost = {};
  std::optional<Grade> grade = {};  ///< the worst of its figures
  std::string source = {};          ///< of its figures, each once
};

struct Bill {
  std::vector<BillItem> items;  ///< the first is that of the NPUs
  double npus = 0;
  /// The NPUs' power is not known, but that of the equipment with them is: it counts as the equipment's.
  bool npus_in_equipment = false;
  Total<Watts> npu_power, equipment_power;
  Total<SquareMetres> floor;
  Total<double> cabinets, optical_modules, cables;
  Total<Money> purchase;  ///< 0 and complete without prices

  /// Of NPUs and equipment, as the racks take it: without cooling.
  [[nodiscard]] Total<Watts> power() const;
};

}  // namespace superpod::models
