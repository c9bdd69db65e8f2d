#pragma once

#include "analysis/result.hpp"
#include "models/work/work.hpp"
#include "scenarios/sweep/fingerprint.hpp"
#include "scenarios/sweep/ledger.hpp"

namespace superpod::scenarios {

/// A sweep as one result of kind `sweep`, the same for the same outcomes in whatever order they came.
///
/// Table `points`: a row for each point, done or not, with a column for each path that varies, each figure,
/// `status` and `message`. Where only `axes` vary, also a table for each axis and the figures as arrays over
/// them. Table `sources`: what the sweep was made from, by which `--resume` knows it again. Figure
/// `complete`: 1 when every point has ended.
class SweepResult {
 public:
  SweepResult(const SweepFile& file, const Library& library, const Fingerprint& sweep, models::Detail detail);

  [[nodiscard]] analysis::Result of(const Ledger& ledger) const;

 private:
  analysis::Result head_;                   // name, provenance, axes: what does not change on the way
  std::vector<analysis::Column> settings_;  // of the table `points`
  bool is_grid_;
};

/// The fingerprint in a results file of a sweep; empty when it is none.
Fingerprint fingerprint_of(const analysis::Result& result);

}  // namespace superpod::scenarios
