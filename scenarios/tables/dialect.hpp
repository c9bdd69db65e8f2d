/// One format of tables of measured kernels: its columns, and how a row of it is read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "models/kernels/measurement.hpp"
#include "scenarios/tables/csv.hpp"

namespace superpod::scenarios {

/// The fields of one row, by the names of their columns.
class Cells {
 public:
  Cells(const Csv& csv, const Csv::Row& row, Mistakes& mistakes)
      : csv_{&csv}, row_{&row}, mistakes_{&mistakes} {}

  /// The field, or empty where the table has no such column.
  [[nodiscard]] std::string_view text(std::string_view column) const;
  [[nodiscard]] bool has(std::string_view column) const { return !text(column).empty(); }

  /// The number in a field; what is no finite number, or less than `least`, is a mistake, and 1.
  [[nodiscard]] double number(std::string_view column, double least = 0) const;
  [[nodiscard]] double count(std::string_view column) const;     ///< whole, at least 1
  [[nodiscard]] double positive(std::string_view column) const;  ///< above 0

  /// The value that a word stands for; another word is a mistake.
  template <class E>
  [[nodiscard]] E word(std::string_view column, E otherwise = {}) const {
    const std::string_view asked = text(column);
    std::vector<std::string> known;
    for (const auto& [name, value] : words(E{})) {
      if (name == asked) return value;
      known.emplace_back(name);
    }
    wrong(column, in_quotes(asked) + " is none of the words of this column",
          suggestion(asked, known, "words here"));
    return otherwise;
  }

  void wrong(std::string_view column, std::string message, std::string help = {}) const;
  [[nodiscard]] int line() const { return row_->line; }

 private:
  const Csv* csv_;
  const Csv::Row* row_;
  Mistakes* mistakes_;
};

/// A measured row, or why there is none. `device`, `source` and `line` are filled in by the caller where they
/// are empty.
using Reading = std::variant<models::Measurement, std::string>;

struct Dialect {
  std::string_view name;
  std::vector<std::string_view> columns;  ///< that tell it from others
  Reading (*read)(const Cells&);
  bool one_chip = true;  ///< a table without a column `system` is about one chip
};

/// More specific ones first.
std::vector<Dialect> own_dialects(), gemm_dialects(), attention_dialects(), moe_dialects(), rate_dialects();

/// How a table's word for a type is computed: precision and scaling, or why it is not.
struct Operands {
  models::Precision precision = models::Precision::bf16;
  models::Scaling scaling = models::Scaling::none;
};
std::variant<Operands, std::string> operands_of(std::string_view dtype);

/// Memory of one element, with its share of the block scale.
Bytes stored_size(const Operands& operands);

}  // namespace superpod::scenarios
