#include "models/transformer/compression.hpp"

namespace superpod::models {
namespace {

constexpr double values_and_gates = 2, blocks_of_a_token_where_sparse = 2;

}  // namespace

double share_of_sparse_layers(const Compressed& compressed, int layers) {
  return static_cast<double>(compressed.sparse_layers) / layers;
}

double share_of_dense_layers(const Compressed& compressed, int layers) {
  return static_cast<double>(compressed.dense_layers) / layers;
}

double compressor_columns(const Compressed& compressed, int layers) {
  return values_and_gates * compressed.head_dim *
         (blocks_of_a_token_where_sparse * share_of_sparse_layers(compressed, layers) +
          share_of_dense_layers(compressed, layers));
}

double index_compressor_columns(const Compressed& compressed) {
  return values_and_gates * blocks_of_a_token_where_sparse * compressed.index_head_dim;
}

double blocks_per_token(const Compressed& compressed, int layers) {
  return share_of_sparse_layers(compressed, layers) / compressed.sparse_ratio +
         share_of_dense_layers(compressed, layers) / compressed.dense_ratio;
}

}  // namespace superpod::models
