#include "scenarios/bench/design.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>
#include <variant>

#include "models/random/random.hpp"
#include "models/transformer/blocks.hpp"
#include "models/transformer/layer_kernels.hpp"
#include "scenarios/text/entry.hpp"

namespace superpod::scenarios {
namespace {

using models::AttentionShape;
using models::Kernel;
using models::Llm;
using models::MatrixShape;

const Bytes bf16_result = models::element_size(models::Precision::bf16);

double whole(double size) { return std::max(1.0, std::round(size)); }

/// Routed experts are shared out so that a rank has 8 of them, or as few as there are.
models::Slice slice_of(const Llm& llm, int tokens) {
  constexpr int experts_a_rank = 8;
  models::Slice slice{};
  slice.batch = {models::whole_sequences(1, tokens)};
  if (llm.moe && llm.moe->routed_experts % experts_a_rank == 0)
    slice.shard.expert = llm.moe->routed_experts / experts_a_rank;
  return slice;
}

std::set<models::Block> blocks_of(const Llm& llm) {
  const auto all = models::blocks_of_model(llm);
  return {all.begin(), all.end()};
}

/// Van der Corput's sequence: the digits of `index` behind the point, in reverse.
double reversed_digits(std::uint64_t index, std::uint64_t base) {
  double value = 0, unit = 1;
  for (; index > 0; index /= base) {
    unit /= static_cast<double>(base);
    value += unit * static_cast<double>(index % base);
  }
  return value;
}

/// From `least` to `most`, evenly in the logarithm, in multiples of `step`.
double logarithmic(double share, double least, double most, double step) {
  return step * whole(least * std::pow(most / least, share) / step);
}

struct Cores {
  double heads, kv_heads, qk, v, latent_qk, latent_v;
  bool shared_kv, absorbed;
};

constexpr double tensor = 8;  // ranks among which heads are shared out

Cores cores(const models::Gqa& gqa) {
  const double dim = gqa.head_dim;
  return {gqa.heads / tensor, std::max(1.0, gqa.kv_heads / tensor), dim, dim, dim, dim, false, false};
}

Cores cores(const models::Mla& mla) {
  const double rope = mla.qk_rope_head_dim, latent = mla.kv_lora_rank;
  return {mla.heads / tensor,
          mla.heads / tensor,
          mla.qk_nope_head_dim + rope,
          static_cast<double>(mla.v_head_dim),
          latent + rope,
          latent,
          false,
          true};
}

Cores cores(const models::Compressed& compressed) {
  const double dim = compressed.head_dim;
  return {compressed.heads / tensor, 1, dim, dim, dim, dim, true, false};
}

AttentionShape prefill(const Cores& core, double length) {
  return {.sequences = 1,
          .heads = whole(core.heads),
          .kv_heads = whole(core.kv_heads),
          .queries = length,
          .keys = length,
          .pairs = length * (length + 1) / 2,
          .qk_dim = core.qk,
          .v_dim = core.v,
          .shared_kv = core.shared_kv};
}

AttentionShape decode(const Cores& core, double sequences, double keys) {
  return {.sequences = sequences,
          .heads = whole(core.heads),
          .kv_heads = core.absorbed ? 1 : whole(core.kv_heads),
          .queries = 1,
          .keys = keys,
          .pairs = keys,
          .qk_dim = core.latent_qk,
          .v_dim = core.latent_v,
          .shared_kv = core.shared_kv || core.absorbed};
}

auto key(const MatrixShape& shape) { return std::tuple{shape.groups, shape.m, shape.n, shape.k}; }

auto key(const AttentionShape& s) {
  return std::tuple{s.sequences, s.heads, s.kv_heads, s.queries, s.keys, s.qk_dim, s.v_dim, s.shared_kv};
}

template <class Shape>
std::vector<Shape> each_once(std::vector<Shape> shapes) {
  std::sort(shapes.begin(), shapes.end(), [](const auto& a, const auto& b) { return key(a) < key(b); });
  shapes.erase(std::unique(shapes.begin(), shapes.end(),
                           [](const auto& a, const auto& b) { return key(a) == key(b); }),
               shapes.end());
  return shapes;
}

/// The types in which one shape is measured.
using OneShape = std::vector<Task>;

OneShape products(const MatrixShape& shape, const Abilities& abilities) {
  OneShape all;
  for (const auto& [precision, scaling] : shape.groups > 1 ? abilities.grouped_gemm : abilities.gemm)
    all.push_back({models::gemm("gemm", precision, scaling, shape, bf16_result), {}});
  return all;
}

OneShape attentions(const AttentionShape& shape, const Abilities& abilities) {
  OneShape all;
  for (const auto& [precision, cached] : abilities.attention)
    if (precision == cached || shape.shared_kv)
      all.push_back({models::attention("attention", precision, cached, shape), {}});
  return all;
}

/// Rows of a model's hidden state, from a token to many.
std::vector<RowWork> row_works(std::span<const Llm> llms, const Abilities& abilities) {
  std::vector<RowWork> all;
  std::set<int> widths;
  for (const Llm& llm : llms) widths.insert(llm.hidden);
  for (const RowWork::What what : abilities.works) {
    if (what == RowWork::What::launch) {
      all.push_back({what, 0, 0});
      continue;
    }
    for (const int width : widths)
      for (const std::int64_t rows : {1, 16, 256, 4096, 16384}) all.push_back({what, rows, width});
  }
  return all;
}

bool fits(const OneShape& tasks, const Abilities& abilities) {
  return !tasks.empty() && std::all_of(tasks.begin(), tasks.end(), [&](const Task& task) {
    return task.kernel.flops <= abilities.largest_work && task.kernel.bytes <= abilities.largest_traffic;
  });
}

template <class Shape, class Make>
std::vector<OneShape> fitting(const std::vector<Shape>& shapes, const Abilities& abilities, Make make) {
  std::vector<OneShape> all;
  for (const Shape& shape : shapes)
    if (OneShape tasks = make(shape); fits(tasks, abilities)) all.push_back(std::move(tasks));
  return all;
}

}  // namespace

std::vector<Llm> models_of(const Library& library) {
  std::vector<Llm> all;
  for (const std::string& name : library.names(shelf_of(Llm::kind)))
    all.push_back(entry_named<Llm>(name, library));
  return all;
}

std::vector<MatrixShape> model_products(std::span<const Llm> llms) {
  std::vector<MatrixShape> all;
  for (const Llm& llm : llms)
    for (const int tokens : {1, 16, 256, 4096})
      for (const models::Block block : blocks_of(llm))
        for (const Kernel& kernel : kernels(llm, slice_of(llm, tokens), block, models::Phase::forward))
          if (kernel.kind == Kernel::Kind::gemm || kernel.kind == Kernel::Kind::grouped_gemm) {
            const auto& [groups, m, n, k] = kernel.matrix;
            all.push_back({whole(groups), whole(m), whole(n), whole(k)});
          }
  return each_once(std::move(all));
}

std::vector<AttentionShape> model_attention(std::span<const Llm> llms) {
  std::vector<AttentionShape> all;
  for (const Llm& llm : llms) {
    const Cores core = std::visit([](const auto& kind) { return cores(kind); }, llm.attention);
    for (const double length : {512, 4096}) all.push_back(prefill(core, length));
    for (const double sequences : {1, 16, 128})
      for (const double keys : {1024, 8192}) all.push_back(decode(core, sequences, keys));
  }
  return each_once(std::move(all));
}

std::vector<MatrixShape> space_filling(std::size_t points, std::uint64_t seed) {
  models::Random random{seed};
  const double moved[] = {random.uniform(), random.uniform(), random.uniform()};
  const auto share = [&](std::size_t point, std::size_t axis, std::uint64_t base) {
    const double at = reversed_digits(point + 1, base) + moved[axis];
    return at - std::floor(at);
  };
  std::vector<MatrixShape> all;
  for (std::size_t i = 0; i < points; ++i)
    all.push_back({.groups = 1,
                   .m = logarithmic(share(i, 0, 2), 1, 16384, 1),
                   .n = logarithmic(share(i, 1, 3), 256, 16384, 128),
                   .k = logarithmic(share(i, 2, 5), 256, 16384, 128)});
  return all;
}

std::vector<Task> tasks(std::span<const Llm> llms, const Abilities& abilities, std::size_t shapes,
                        std::uint64_t seed) {
  constexpr std::size_t rejected = 8;  // points of the design for each that fits, at the least
  const auto product = [&](const MatrixShape& shape) { return products(shape, abilities); };
  const auto attention = [&](const AttentionShape& shape) { return attentions(shape, abilities); };
  const auto work = [&](const RowWork& rows) { return OneShape{{kernel_of(rows), rows}}; };
  std::vector<std::vector<OneShape>> kinds{
      fitting(model_products(llms), abilities, product),
      fitting(space_filling(rejected * shapes, seed), abilities, product),
      fitting(model_attention(llms), abilities, attention),
      fitting(row_works(llms, abilities), abilities, work)};
  models::Random random{seed};
  for (auto& kind : kinds) random.shuffle(kind);

  std::vector<Task> all;
  std::size_t taken = 0;
  for (std::size_t turn = 0, before = 1; taken < shapes && taken != before; ++turn) {
    before = taken;
    for (const auto& kind : kinds)
      if (turn < kind.size() && taken < shapes) {
        all.insert(all.end(), kind[turn].begin(), kind[turn].end());
        ++taken;
      }
  }
  return all;
}

}  // namespace superpod::scenarios
