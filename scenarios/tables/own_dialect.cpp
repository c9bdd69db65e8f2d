// superpod's own format: one kernel a row, with all that a kernel is made of. Columns that a kernel does not
// use stay empty.
#include <charconv>
#include <ostream>
#include <stdexcept>

#include "models/kernels/family.hpp"
#include "scenarios/tables/dialect.hpp"
#include "scenarios/tables/kernel_table.hpp"
#include "sim/values/units.hpp"

namespace superpod::scenarios {
namespace {

using models::AttentionShape;
using models::Kernel;
using models::KernelFamily;
using models::MatrixShape;
using models::Measurement;
using models::Precision;
using models::Scaling;
using namespace superpod::unit;
using Form = KernelFamily::Form;

const std::vector<std::string> columns{
    "kernel", "precision", "scaling",   "cached",   "groups",  "m",      "n",
    "k",      "sequences", "heads",     "kv_heads", "queries", "keys",   "pairs",
    "qk_dim", "v_dim",     "shared_kv", "flops",    "bytes",   "system", "implementation",
    "cache",  "time_us",   "low_us",    "high_us",  "repeats", "source"};

/// The shortest text that reads back as the same number.
std::string text(double value) {
  char digits[32];
  const auto [end, problem] = std::to_chars(std::begin(digits), std::end(digits), value);
  return {std::begin(digits), end};
}

/// To a billionth: finer than any clock, and short enough to read.
std::string microseconds(Seconds time) {
  char digits[32];
  constexpr int significant = 9;
  const auto [end, problem] = std::to_chars(std::begin(digits), std::end(digits), time.in(us),
                                            std::chars_format::general, significant);
  return {std::begin(digits), end};
}

Kernel product(const Cells& cells, Form form) {
  const auto precision = cells.word<Precision>("precision");
  const auto scaling =
      cells.has("scaling") ? cells.word<Scaling>("scaling") : models::usual_scaling(precision);
  const MatrixShape shape{.groups = form == Form::gemm ? 1 : cells.positive("groups"),
                          .m = cells.positive("m"),
                          .n = cells.positive("n"),
                          .k = cells.positive("k")};
  Kernel kernel = models::gemm("gemm", precision, scaling, shape, models::element_size(Precision::bf16));
  kernel.kind = form == Form::gemm ? Kernel::Kind::gemm : Kernel::Kind::grouped_gemm;
  return kernel;
}

Kernel attention(const Cells& cells, Form form) {
  const auto precision = cells.word<Precision>("precision");
  const auto cached = cells.has("cached") ? cells.word<Precision>("cached") : precision;
  const AttentionShape shape{.sequences = cells.positive("sequences"),
                             .heads = cells.positive("heads"),
                             .kv_heads = cells.positive("kv_heads"),
                             .queries = cells.positive("queries"),
                             .keys = cells.positive("keys"),
                             .pairs = cells.positive("pairs"),
                             .qk_dim = cells.positive("qk_dim"),
                             .v_dim = cells.number("v_dim"),
                             .backward = form == Form::attention_backward,
                             .shared_kv = cells.has("shared_kv")};
  return models::attention("attention", precision, cached, shape);
}

Kernel kernel_of(const Cells& cells) {
  const Form form = cells.word<Form>("kernel", Form::vector);
  if (form == Form::gemm || form == Form::grouped_gemm) return product(cells, form);
  if (form != Form::vector) return attention(cells, form);
  return models::vector_kernel("vector", Flops{cells.number("flops")}, Bytes{cells.number("bytes")});
}

Reading read_own(const Cells& cells) {
  Measurement row;
  row.kernels = {kernel_of(cells)};
  row.implementation = cells.text("implementation");
  row.source = cells.text("source");
  row.time = cells.positive("time_us") * us;
  if (cells.has("low_us")) row.low = cells.positive("low_us") * us;
  if (cells.has("high_us")) row.high = cells.positive("high_us") * us;
  if (cells.has("repeats")) row.repeats = static_cast<int>(cells.count("repeats"));
  if (cells.has("cache")) row.caches = cells.word<Measurement::Caches>("cache");
  return row;
}

template <class E>
std::string word_of(E value) {
  for (const auto& [word, known] : words(E{}))
    if (known == value) return std::string{word};
  throw std::logic_error{"a value without a word"};
}

std::vector<std::string> fields_of(const Kernel& kernel) {
  const KernelFamily family = models::family_of(kernel);
  const auto& [groups, m, n, k] = kernel.matrix;
  const AttentionShape& a = kernel.attention;
  std::vector<std::string> fields{word_of(family.form)};
  const auto add = [&](auto... all) { (fields.push_back(all), ...); };
  switch (kernel.kind) {
    case Kernel::Kind::gemm:
    case Kernel::Kind::grouped_gemm:
      add(word_of(kernel.precision), word_of(kernel.scaling), "", text(groups), text(m), text(n), text(k));
      fields.resize(columns.size() - 8);
      break;
    case Kernel::Kind::attention:
      add(word_of(kernel.precision), "", word_of(kernel.cached), "", "", "", "", text(a.sequences),
          text(a.heads), text(a.kv_heads), text(a.queries), text(a.keys), text(a.pairs), text(a.qk_dim),
          text(a.v_dim), a.shared_kv ? "1" : "", "", "");
      break;
    case Kernel::Kind::vector:
      fields.resize(columns.size() - 10);
      add(text(kernel.flops.in(FLOP)), text(kernel.bytes.in(B)));
      break;
  }
  return fields;
}

std::vector<std::string> fields_of(const Measurement& row) {
  if (row.kernels.size() != 1)
    throw std::invalid_argument{"a row of superpod's tables is one kernel, and this one has " +
                                std::to_string(row.kernels.size())};
  const auto time = [](std::optional<Seconds> value) { return value ? microseconds(*value) : ""; };
  std::vector<std::string> fields = fields_of(row.kernels.front());
  for (const std::string& field :
       {row.device, row.implementation, word_of(row.caches), time(row.time), time(row.low), time(row.high),
        row.repeats > 0 ? std::to_string(row.repeats) : std::string{}, row.source})
    fields.push_back(field);
  return fields;
}

}  // namespace

std::vector<Dialect> own_dialects() {
  return {{"superpod", {"kernel", "precision", "system", "time_us"}, read_own}};
}

void write_kernel_table(std::ostream& out, std::span<const Measurement> rows,
                        std::span<const std::string> comments) {
  for (const std::string& comment : comments) write_comment(out, comment);
  write_row(out, columns);
  for (const Measurement& row : rows) write_row(out, fields_of(row));
}

}  // namespace superpod::scenarios
