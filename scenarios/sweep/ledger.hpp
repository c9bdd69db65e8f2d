#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "analysis/result.hpp"
#include "scenarios/sweep/outcome.hpp"

namespace superpod::scenarios {

/// What has become of each point so far.
///
/// Memory: 8 bytes a figure and some 100 a point; keys, units and meanings are kept once for all points that
///         share them.
class Ledger {
 public:
  explicit Ledger(std::int64_t points) : entries_(static_cast<std::size_t>(points)) {}

  /// An outcome of a point that has one already takes its place.
  void add(const Outcome& outcome);

  [[nodiscard]] std::int64_t points() const { return static_cast<std::int64_t>(entries_.size()); }
  [[nodiscard]] bool has(std::int64_t point) const { return entry(point).is_there; }
  [[nodiscard]] bool has_failed(std::int64_t point) const {
    return has(point) && entry(point).status == Status::failed;
  }
  [[nodiscard]] std::int64_t done() const { return counts_[0] + counts_[1] + counts_[2]; }
  [[nodiscard]] std::int64_t count(Status status) const { return counts_[static_cast<std::size_t>(status)]; }

  /// `ok`, `mistake`, `failed`; `pending` of a point without outcome.
  [[nodiscard]] std::vector<std::string> status_words_of_all() const;
  [[nodiscard]] std::vector<std::string> messages() const;
  /// A column for each figure that a point has, NaN at points without it; of those that are uncertain also
  /// `<key>_low` and `<key>_high`. In the order in which the points, by number, bring them.
  [[nodiscard]] std::vector<analysis::Column> columns() const;

 private:
  struct Entry {
    bool is_there = false;
    Status status = Status::ok;
    std::size_t kind = 0;        ///< of its figures
    std::vector<double> values;  ///< of each figure: value, and if it is uncertain low and high
    std::string message;
  };

  [[nodiscard]] const Entry& entry(std::int64_t point) const {
    return entries_.at(static_cast<std::size_t>(point));
  }

  std::vector<Entry> entries_;
  std::array<std::int64_t, 3> counts_{};  // [status]
  std::vector<std::vector<analysis::Figure>> kinds_;
  std::map<std::string, std::size_t> kind_of_;  // by the bytes of its figures
};

}  // namespace superpod::scenarios
