// Attention that never writes its scores: a block of threads takes 64 rows of queries, walks over the keys in
// tiles, and keeps the running maximum, sum and result of each row in registers.
// Source: Dao, "FlashAttention-2", arXiv 2307.08691, algorithm 1; splits over keys: Dao et al.,
//         "Flash-Decoding for long-context inference", 2023.

#include "models/kernels/cuda/launches.hpp"
#include "models/kernels/cuda/tensor_core.cuh"

namespace superpod::models::cuda {
namespace {

using Bf16 = __nv_bfloat16;

/// Rows are (query, head) pairs: the heads that share keys stand together, so that one query of many heads
/// fills a tile as well. With two Parts the warps come in pairs that score the same keys (twice the work
/// there) and each accumulates half of the values' columns: 512 of them would not fit the registers of one.
template <int Qk, int V, int KeyTile, int Parts, bool SharedKv>
struct Plan {
  static constexpr int qk = Qk, v = V, keys = KeyTile, shared_kv = SharedKv;
  static constexpr int rows = 64, row_warps = rows / 16, threads = 32 * row_warps * Parts;
  static constexpr int columns = V / Parts;  ///< of the values, of one warp
  // A row is 16 B longer than its data: eight rows then lie in different banks.
  static constexpr int k_pitch = Qk + 8, v_pitch = SharedKv ? k_pitch : V + 8;
  static constexpr int stage = KeyTile * (k_pitch + (SharedKv ? 0 : v_pitch));
  static constexpr int shared_bytes = (rows * k_pitch + 2 * stage) * static_cast<int>(sizeof(Bf16));
};

__device__ inline unsigned pack(float low, float high) {
  const __nv_bfloat162 both = __floats2bfloat162_rn(low, high);
  return *reinterpret_cast<const unsigned*>(&both);
}

/// Over the four lanes that share a row.
template <class Combine>
__device__ inline float over_row(float x, Combine combine) {
  x = combine(x, __shfl_xor_sync(0xFFFFFFFFU, x, 1));
  return combine(x, __shfl_xor_sync(0xFFFFFFFFU, x, 2));
}

/// Copies `Rows` rows of `Columns`; `row(i)` is where row i begins, or null for zeros.
template <int Rows, int Columns, int Threads, class Row>
__device__ inline void begin_copy_rows(Bf16* to, int pitch, const Bf16* any, Row row) {
  constexpr int chunks = Columns / 8;
  for (int i = static_cast<int>(threadIdx.x); i < Rows * chunks; i += Threads) {
    const int r = i / chunks, c = i % chunks * 8;
    const Bf16* from = row(r);
    begin_copy(to + r * pitch + c, from == nullptr ? any : from + c, from == nullptr);
  }
}

/// Which keys a block walks over, and where its operands lie.
struct Place {
  int row_tile, sequence, kv_head, split;
  int group;                  ///< heads that share one kv_head
  int rows;                   ///< queries * group
  int first_tile, last_tile;  ///< of the keys; the last is excluded
  int open_tiles;             ///< the first tiles, which all rows see wholly
};

template <class P>
__device__ Place place_of(const Attention& a) {
  Place p;
  p.group = a.heads / a.kv_heads;
  p.rows = a.queries * p.group;
  const int row_tiles = (p.rows + P::rows - 1) / P::rows;
  p.sequence = static_cast<int>(blockIdx.x) / row_tiles;
  // Under a causal mask the last queries have most to do: they begin first.
  p.row_tile = row_tiles - 1 - static_cast<int>(blockIdx.x) % row_tiles;
  p.kv_head = static_cast<int>(blockIdx.y);
  p.split = static_cast<int>(blockIdx.z);
  const int all_tiles = (a.keys + P::keys - 1) / P::keys;
  const int each = (all_tiles + a.splits - 1) / a.splits;
  const int last_row = min(p.rows, (p.row_tile + 1) * P::rows) - 1;
  const int of_first = a.keys - a.queries + 1;  // what the first query sees
  const int visible = a.causal ? max(0, of_first + last_row / p.group) : a.keys;
  p.open_tiles = (a.causal ? of_first + p.row_tile * P::rows / p.group : a.keys) / P::keys;
  p.first_tile = p.split * each;
  p.last_tile = min(p.first_tile + each, (visible + P::keys - 1) / P::keys);
  return p;
}

/// Index of (sequence, query, head) for a row.
__device__ inline long long vector_of(const Attention& a, const Place& p, int row) {
  const int query = row / p.group, head = p.kv_head * p.group + row % p.group;
  return (static_cast<long long>(p.sequence) * a.queries + query) * a.heads + head;
}

template <class P>
__device__ void begin_copy_tile(const Attention& a, const Place& p, int tile, Bf16* stage) {
  const auto row = [&](const Bf16* base, int width) {
    return [&a, &p, tile, base, width](int i) -> const Bf16* {
      const int key = tile * P::keys + i;
      if (key >= a.keys) return nullptr;
      return base + ((static_cast<long long>(p.sequence) * a.keys + key) * a.kv_heads + p.kv_head) * width;
    };
  };
  begin_copy_rows<P::keys, P::qk, P::threads>(stage, P::k_pitch, a.k, row(a.k, P::qk));
  if constexpr (!P::shared_kv)
    begin_copy_rows<P::keys, P::v, P::threads>(stage + P::keys * P::k_pitch, P::v_pitch, a.v, row(a.v, P::v));
}

/// s [16][keys] = q [16][qk] k [keys][qk]^T.
template <class P>
__device__ inline void score(float (&s)[P::keys / 8][4], const Bf16* q, const Bf16* k) {
  const int lane = static_cast<int>(threadIdx.x) % 32;
  const Bf16* q_row = q + lane % 16 * P::k_pitch + lane / 16 * 8;
  const Bf16* k_row = k + (lane / 16 * 8 + lane % 8) * P::k_pitch + lane / 8 % 2 * 8;
#pragma unroll
  for (auto& tile : s) tile[0] = tile[1] = tile[2] = tile[3] = 0;
#pragma unroll 4
  for (int d = 0; d < P::qk; d += 16) {
    unsigned a[4];
    load_blocks(a, q_row + d);
#pragma unroll
    for (int n = 0; n < P::keys / 16; ++n) {
      unsigned b[4];
      load_blocks(b, k_row + n * 16 * P::k_pitch + d);
      multiply_add(s[2 * n], a, b[0], b[1]);
      multiply_add(s[2 * n + 1], a, b[2], b[3]);
    }
  }
}

/// out [16][columns] += s [16][keys] v [keys][columns].
template <class P>
__device__ inline void weigh(float (&out)[P::columns / 8][4], const float (&s)[P::keys / 8][4],
                             const Bf16* v) {
  const int lane = static_cast<int>(threadIdx.x) % 32;
  const Bf16* v_row = v + lane % 16 * P::v_pitch + lane / 16 * 8;
#pragma unroll
  for (int j = 0; j < P::keys / 16; ++j) {
    const unsigned a[4] = {pack(s[2 * j][0], s[2 * j][1]), pack(s[2 * j][2], s[2 * j][3]),
                           pack(s[2 * j + 1][0], s[2 * j + 1][1]), pack(s[2 * j + 1][2], s[2 * j + 1][3])};
#pragma unroll
    for (int n = 0; n < P::columns / 16; ++n) {
      unsigned b[4];
      load_blocks_transposed(b, v_row + j * 16 * P::v_pitch + n * 16);
      multiply_add(out[2 * n], a, b[0], b[1]);
      multiply_add(out[2 * n + 1], a, b[2], b[3]);
    }
  }
}

/// The two rows of a lane: their scores' running maximum, and the sum of 2^(score - maximum).
struct Softmax {
  float top[2] = {-INFINITY, -INFINITY};
  float sum[2] = {0, 0};  ///< over this lane's columns only
};

/// Turns scores into 2^(scale s - maximum), and brings what was summed before to the new maximum.
template <class P>
__device__ inline void renew(Softmax& softmax, float (&s)[P::keys / 8][4], float (&out)[P::columns / 8][4],
                             float scale) {
#pragma unroll
  for (int half = 0; half < 2; ++half) {
    float top = softmax.top[half];
#pragma unroll
    for (const auto& tile : s) top = fmaxf(top, fmaxf(tile[2 * half], tile[2 * half + 1]) * scale);
    top = over_row(top, [](float x, float y) { return fmaxf(x, y); });
    const float origin = top == -INFINITY ? 0 : top;  // a row without keys so far
    const float shrink = exp2f(softmax.top[half] - origin);
    float sum = softmax.sum[half] * shrink;
#pragma unroll
    for (auto& tile : s)
#pragma unroll
      for (int i = 2 * half; i < 2 * half + 2; ++i) sum += tile[i] = exp2f(tile[i] * scale - origin);
#pragma unroll
    for (auto& tile : out) tile[2 * half] *= shrink, tile[2 * half + 1] *= shrink;
    softmax.top[half] = top;
    softmax.sum[half] = sum;
  }
}

/// Scores of keys that a row does not see become minus infinity.
template <class P>
__device__ inline void mask(float (&s)[P::keys / 8][4], const Attention& a, const Place& p, int tile,
                            int row) {
  const int lane = static_cast<int>(threadIdx.x) % 32, first = tile * P::keys + lane % 4 * 2;
#pragma unroll
  for (int half = 0; half < 2; ++half) {
    const int query = min(row + 8 * half, p.rows - 1) / p.group;
    const int visible = a.causal ? min(a.keys, a.keys - a.queries + query + 1) : a.keys;
#pragma unroll
    for (int n = 0; n < P::keys / 8; ++n)
#pragma unroll
      for (int i = 0; i < 2; ++i)
        if (first + n * 8 + i >= visible) s[n][2 * half + i] = -INFINITY;
  }
}

template <class P>
__device__ inline void write(const Attention& a, const Place& p, const Softmax& softmax,
                             const float (&out)[P::columns / 8][4], int row, int column) {
  const int lane = static_cast<int>(threadIdx.x) % 32;
#pragma unroll
  for (int half = 0; half < 2; ++half) {
    const float sum = over_row(softmax.sum[half], [](float x, float y) { return x + y; });
    const int r = row + 8 * half;
    if (r >= p.rows) continue;
    const float share = sum > 0 ? 1 / sum : 0;
    const long long vector = vector_of(a, p, r);
    const long long vectors = static_cast<long long>(a.sequences) * a.queries * a.heads;
    const long long to = a.splits > 1 ? p.split * vectors + vector : vector;
    if (column == 0 && lane % 4 == 0)
      (a.splits > 1 ? a.partial_log_sum : a.log_sum_exp)[to] =
          sum > 0 ? softmax.top[half] + log2f(sum) : -INFINITY;
#pragma unroll
    for (int n = 0; n < P::columns / 8; ++n) {
      const long long at = to * P::v + column + n * 8 + lane % 4 * 2;
      const float x = out[n][2 * half] * share, y = out[n][2 * half + 1] * share;
      if (a.splits > 1)
        *reinterpret_cast<float2*>(a.partial_out + at) = make_float2(x, y);
      else
        *reinterpret_cast<unsigned*>(a.out + at) = pack(x, y);
    }
  }
}

template <class P>
__global__ __launch_bounds__(P::threads) void attend(const Attention a) {
  extern __shared__ __align__(16) unsigned char shared[];
  Bf16* const q = reinterpret_cast<Bf16*>(shared);
  Bf16* const stages = q + P::rows * P::k_pitch;
  const Place p = place_of<P>(a);
  const int warp = static_cast<int>(threadIdx.x) / 32, lane = static_cast<int>(threadIdx.x) % 32;
  const int first_row = warp % P::row_warps * 16, column = warp / P::row_warps * P::columns;
  const int row = p.row_tile * P::rows + first_row + lane / 4;          // and the one 8 below
  const float scale = rsqrtf(static_cast<float>(P::qk)) * 1.44269504F;  // log2(e): powers are of 2

  begin_copy_rows<P::rows, P::qk, P::threads>(q, P::k_pitch, a.q, [&](int i) -> const Bf16* {
    const int r = p.row_tile * P::rows + i;
    return r < p.rows ? a.q + vector_of(a, p, r) * P::qk : nullptr;
  });
  if (p.first_tile < p.last_tile) begin_copy_tile<P>(a, p, p.first_tile, stages);
  end_copy_group();

  Softmax softmax;
  float out[P::columns / 8][4] = {};
  for (int tile = p.first_tile; tile < p.last_tile; ++tile) {
    const int turn = (tile - p.first_tile) % 2;
    if (tile + 1 < p.last_tile) begin_copy_tile<P>(a, p, tile + 1, stages + (1 - turn) * P::stage);
    end_copy_group();
    await_copies<1>();
    __syncthreads();
    const Bf16* const k = stages + turn * P::stage;
    float s[P::keys / 8][4];
    score<P>(s, q + first_row * P::k_pitch, k);
    if (tile >= p.open_tiles) mask<P>(s, a, p, tile, row);
    renew<P>(softmax, s, out, scale);
    weigh<P>(out, s, (P::shared_kv ? k : k + P::keys * P::k_pitch) + column);
    __syncthreads();
  }
  await_copies<0>();
  write<P>(a, p, softmax, out, row, column);
}

/// One block for each vector of the result: its splits, weighted by their sums.
__global__ void combine(const Attention a) {
  const long long vector = blockIdx.x, vectors = gridDim.x;
  float top = -INFINITY, sum = 0;
  for (int i = 0; i < a.splits; ++i) top = fmaxf(top, a.partial_log_sum[i * vectors + vector]);
  const float origin = top == -INFINITY ? 0 : top;
  for (int i = 0; i < a.splits; ++i) sum += exp2f(a.partial_log_sum[i * vectors + vector] - origin);
  const float share = sum > 0 ? 1 / sum : 0;
  for (int c = static_cast<int>(threadIdx.x); c < a.v_dim; c += static_cast<int>(blockDim.x)) {
    float x = 0;
    for (int i = 0; i < a.splits; ++i) {
      const long long from = i * vectors + vector;
      x += exp2f(a.partial_log_sum[from] - origin) * share * a.partial_out[from * a.v_dim + c];
    }
    a.out[vector * a.v_dim + c] = __float2bfloat16(x);
  }
  if (threadIdx.x == 0) a.log_sum_exp[vector] = sum > 0 ? top + log2f(sum) : -INFINITY;
}

template <class P>
cudaError_t launch_plan(const Attention& a, cudaStream_t stream) {
  const cudaError_t allowed =
      cudaFuncSetAttribute(attend<P>, cudaFuncAttributeMaxDynamicSharedMemorySize, P::shared_bytes);
  if (allowed != cudaSuccess) return allowed;
  const int row_tiles = (a.queries * (a.heads / a.kv_heads) + P::rows - 1) / P::rows;
  const dim3 grid(static_cast<unsigned>(row_tiles * a.sequences), static_cast<unsigned>(a.kv_heads),
                  static_cast<unsigned>(a.splits));
  attend<P><<<grid, P::threads, P::shared_bytes, stream>>>(a);
  if (a.splits > 1) combine<<<static_cast<unsigned>(a.sequences * a.queries * a.heads), 128, 0, stream>>>(a);
  return cudaGetLastError();
}

using Launch = cudaError_t (*)(const Attention&, cudaStream_t);

Launch launch_of(int qk_dim, int v_dim, bool shared_kv) {
  if (shared_kv) return qk_dim == 576 && v_dim == 512 ? &launch_plan<Plan<576, 512, 32, 2, true>> : nullptr;
  if (qk_dim == 64 && v_dim == 64) return &launch_plan<Plan<64, 64, 64, 1, false>>;
  if (qk_dim == 128 && v_dim == 128) return &launch_plan<Plan<128, 128, 64, 1, false>>;
  if (qk_dim == 192 && v_dim == 128) return &launch_plan<Plan<192, 128, 64, 1, false>>;
  return nullptr;
}

}  // namespace

bool has_kernel(int qk_dim, int v_dim, bool shared_kv) {
  return launch_of(qk_dim, v_dim, shared_kv) != nullptr;
}

cudaError_t launch(const Attention& work, cudaStream_t stream) {
  const Launch launch = launch_of(work.qk_dim, work.v_dim, work.shared_kv);
  return launch == nullptr ? cudaErrorInvalidValue : launch(work, stream);
}

}  // namespace superpod::models::cuda
