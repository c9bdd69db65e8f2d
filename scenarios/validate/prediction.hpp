/// What was measured, and what superpod says of it, row by row.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/tables/csv.hpp"
#include "scenarios/tables/kernel_table.hpp"
#include "scenarios/validate/kernel_rows.hpp"

namespace superpod::scenarios {

/// A row of the table, and what is predicted for it. Figures are in the validation's unit.
struct Prediction {
  int line = 0;                ///< of the row in the table's file, from 1
  std::string system;          ///< the chip or system, in the table's words
  std::string subject;         ///< kernel family, model, collective
  std::string implementation;  ///< what ran; may be empty
  std::string what;            ///< the case itself, in a few words
  std::string measure = {};    ///< which of the row's figures, where it has more than one: `ttft`
  double measured = 0, predicted = 0;
  std::optional<std::pair<double, double>> interval;  ///< low and high, where known
  std::string basis;                                  ///< what the prediction rests on, in a few words

  [[nodiscard]] double ratio() const { return predicted / measured; }
};

struct Validation {
  Csv table;
  std::string subject;  ///< what groups are about: kernel, model, phase, collective
  std::string unit;     ///< of its figures, as part of a column's name: `us`, `tokens_s_gpu`
  std::vector<std::string> measures{""};    ///< what is measured in each row; one without a name, mostly
  std::vector<Prediction> rows;             ///< those of a row of the table follow each other: one a measure
  std::vector<PredictedKernel> kernels;     ///< [row] of a table of kernels; else empty
  std::vector<KernelTable::Unread> unread;  ///< rows and unread together are all rows of the table

  [[nodiscard]] std::size_t predicted() const { return rows.size() / measures.size(); }  ///< of the table
};

}  // namespace superpod::scenarios
