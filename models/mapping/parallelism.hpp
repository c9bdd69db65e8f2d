/// The dimensions in which work on a model is cut.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "models/transformer/llm.hpp"
#include "sim/values/describe.hpp"

namespace superpod::models {

/// placement.hpp lays them on the system.
enum class Dimension { tensor, context, expert, pipeline, data };

constexpr auto words(Dimension) {
  using std::pair, std::string_view;
  return std::array{
      pair{string_view{"tensor"}, Dimension::tensor}, pair{string_view{"context"}, Dimension::context},
      pair{string_view{"expert"}, Dimension::expert}, pair{string_view{"pipeline"}, Dimension::pipeline},
      pair{string_view{"data"}, Dimension::data}};
}

struct Parallelism {
  int tensor = 1, context = 1, expert = 1, pipeline = 1, virtual_stages = 1, zero = 1;
  std::optional<int> data;
  std::vector<Dimension> order{Dimension::tensor, Dimension::context, Dimension::expert, Dimension::pipeline,
                               Dimension::data};

  bool operator==(const Parallelism&) const = default;

  static constexpr std::string_view kind = "parallelism";
  static constexpr auto fields() {
    return std::tuple{
        optional("tensor", &Parallelism::tensor, "ranks that share each layer; with sequence parallelism",
                 between(1, 8192)),
        optional("context", &Parallelism::context,
                 "ranks that share the tokens of each sequence: they gather keys and values before attention",
                 between(1, 8192)),
        optional("expert", &Parallelism::expert,
                 "ranks that share the routed experts; spans the tensor and context ranks, a multiple of "
                 "them; 1: not shared",
                 between(1, most_experts)),
        optional("pipeline", &Parallelism::pipeline, "ranks that share the layers in stages",
                 between(1, 4096)),
        optional("virtual_stages", &Parallelism::virtual_stages,
                 "chunks of the model on each rank (interleaved)", between(1, most_layers)),
        optional("data", &Parallelism::data,
                 "copies of the experts; default: what the other dimensions leave", between(1, 0x1p24)),
        optional("zero", &Parallelism::zero,
                 "0: optimizer state copied; 1: shared over the data-parallel ranks",
                 Range{.low = 0, .high = 1}),
        optional("order", &Parallelism::order,
                 "innermost first: which ranks are neighbours; `data` may stand more than once: each but the "
                 "last fills up the level that was begun, or the next one")};
  }
};

}  // namespace superpod::models
