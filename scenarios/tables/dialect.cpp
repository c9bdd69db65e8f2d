#include "scenarios/tables/dialect.hpp"

#include <charconv>
#include <cmath>

namespace superpod::scenarios {

std::string_view Cells::text(std::string_view column) const {
  const int i = csv_->column(column);
  return i < 0 ? std::string_view{} : std::string_view{row_->fields[static_cast<std::size_t>(i)]};
}

void Cells::wrong(std::string_view column, std::string message, std::string help) const {
  const int i = csv_->column(column);
  const Place place = i < 0 ? Place{csv_->source, row_->line, 1, 1} : csv_->place_of(*row_, i);
  mistakes_->add(place, std::move(message), std::move(help));
}

double Cells::number(std::string_view column, double least) const {
  const std::string_view word = text(column);
  double value = 0;
  const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (problem == std::errc{} && end == word.data() + word.size() && std::isfinite(value) && value >= least)
    return value;
  wrong(column,
        word.empty() ? "column " + in_quotes(column) + " is empty here"
                     : in_quotes(word) + " is not what column " + in_quotes(column) + " holds",
        least > 0 ? "a number from " + std::to_string(static_cast<int>(least)) + " on"
                  : "a number, not negative");
  return 1;
}

double Cells::count(std::string_view column) const {
  const double value = number(column, 1);
  if (value != std::floor(value)) wrong(column, in_quotes(text(column)) + " is no count", "a whole number");
  return value;
}

double Cells::positive(std::string_view column) const {
  const double value = number(column);
  if (value <= 0) {
    wrong(column, in_quotes(text(column)) + " is not above 0");
    return 1;
  }
  return value;
}

std::variant<Operands, std::string> operands_of(std::string_view dtype) {
  using models::Precision, models::Scaling;
  const auto is = [&](auto... names) { return ((dtype == names) || ...); };
  if (is("bfloat16", "bf16", "float16", "fp16", "half")) return Operands{Precision::bf16, Scaling::none};
  if (is("tf32")) return Operands{Precision::tf32, Scaling::none};
  if (is("fp32", "float32")) return Operands{Precision::fp32, Scaling::none};
  if (is("fp8", "fp8_e4m3")) return Operands{Precision::fp8, Scaling::tensor};
  if (is("fp8_block")) return Operands{Precision::fp8, Scaling::block};
  if (is("nvfp4")) return Operands{Precision::fp4, Scaling::block};
  if (is("int8", "sq", "w8a8_dynamic")) return Operands{Precision::int8, Scaling::tensor};
  if (is("int8_wo", "int4_wo")) return "weight-only kernels are not modelled";
  if (is("w4a8_mxfp4_mxfp8", "w4afp8")) return "kernels with operands of two widths are not modelled";
  return "the type " + in_quotes(dtype) + " is not modelled";
}

Bytes stored_size(const Operands& operands) {
  return operands.scaling == models::Scaling::block ? models::stored_size(operands.precision)
                                                    : models::element_size(operands.precision);
}

}  // namespace superpod::scenarios
