#include "scenarios/validate/collective_rows.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace superpod::scenarios {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

/// A system of the catalogue for each word of a column `system`; HCCL's table is of one machine.
constexpr std::array systems{Pair{"a100_sxm", "dgx_a100_superpod"}, Pair{"h100_sxm", "dgx_h100_superpod"},
                             Pair{"h200_sxm", "dgx_h200_superpod"}, Pair{"b200_sxm", "dgx_b200_superpod"},
                             Pair{"gb200", "gb200_nvl72"},          Pair{"gb300", "gb300_nvl72"},
                             Pair{"ascend_910b", "atlas_800t_a2"}};

constexpr std::array operations{Pair{"all_reduce", "all_reduce"}, Pair{"all_gather", "all_gather"},
                                Pair{"reduce_scatter", "reduce_scatter"}, Pair{"alltoall", "all_to_all"}};

constexpr std::array<std::string_view, 5> nccl{"system", "op", "num_gpus", "bytes", "latency_us"};
constexpr std::array<std::string_view, 6> custom{"system",   "impl",     "dtype",
                                                 "num_gpus", "elements", "latency_us"};
constexpr std::array<std::string_view, 4> hccl{"op", "n_npus", "total_bytes", "latency_ms"};

bool has(const Csv& table, std::span<const std::string_view> columns) {
  return std::ranges::all_of(columns, [&](std::string_view column) { return table.column(column) >= 0; });
}

/// What a row says, whichever table it stands in.
struct Measured {
  std::string chip, operation, implementation;
  int npus = 1;
  double bytes = 0, microseconds = 0;
};

Measured measured(const Cells& cells) {
  if (cells.has("n_npus"))
    return {"ascend_910b",
            std::string{cells.text("op")},
            "HCCL",
            whole(cells, "n_npus"),
            positive_number(cells, "total_bytes"),
            1e3 * positive_number(cells, "latency_ms")};
  Measured row{.chip = std::string{cells.text("system")},
               .operation = std::string{cells.text("op")},
               .implementation = std::string{cells.text("lib")},
               .npus = whole(cells, "num_gpus"),
               .microseconds = positive_number(cells, "latency_us")};
  if (cells.has("op")) {
    row.bytes = positive_number(cells, "bytes");
    return row;
  }
  row.operation = "all_reduce";
  row.implementation = cells.text("kernel");
  const auto operands = operands_of(cells.text("dtype"));
  if (const auto* why = std::get_if<std::string>(&operands)) throw Unpredictable{*why};
  row.bytes = positive_number(cells, "elements") * stored_size(std::get<Operands>(operands)).in(unit::B);
  return row;
}

std::string_view word_for(std::string_view word, std::span<const Pair> known, const char* what) {
  for (const auto& [other, name] : known)
    if (other == word) return name;
  throw Unpredictable{std::string{what} + " " + in_quotes(word)};
}

}  // namespace

bool has_collective_rows(const Csv& table) {
  return has(table, nccl) || has(table, custom) || has(table, hccl);
}

SimulatedRow collective_row(const Cells& cells, const Library& library) {
  const Measured row = measured(cells);
  const std::string system{word_for(row.chip, systems, "no system of the catalogue is known for")};
  const std::string operation{word_for(row.operation, operations, "this operation is not simulated:")};
  std::array<char, 32> size{};
  std::snprintf(size.data(), size.size(), "%.0f B", row.bytes);

  SimulatedRow out;
  out.scenarios = {"name: " + operation + "\nsystem: " + part_of(system, row.npus, library) +
                   "\nworkload: {kind: collective, operation: " + operation + ", size: " + size.data() +
                   "}\n"};
  out.figures = {"time_s"};
  out.scale = 1e6;
  out.prediction.system = row.chip;
  out.prediction.subject = operation;
  out.prediction.implementation = row.implementation;
  out.prediction.what = std::to_string(row.npus) + " NPUs, " + size.data();
  out.prediction.measured = row.microseconds;
  return out;
}

}  // namespace superpod::scenarios
