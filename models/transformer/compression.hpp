/// The mean layer of compressed attention. Its layers are of up to three kinds, which alternate; what is
/// computed of one is the mean over the model's layers, so that sums over all layers are exact. A multi-token
/// prediction module counts as a mean layer too (DeepSeek-V4's sees the window only: 0.1 % of its parameters
/// less).
#pragma once

#include "models/transformer/llm.hpp"

namespace superpod::models {

double share_of_sparse_layers(const Compressed& compressed, int layers);
double share_of_dense_layers(const Compressed& compressed, int layers);

/// Columns of the mean layer's compressor, which weighs the tokens of a block by gates: as many of values as
/// of gates. Blocks of sparse layers overlap, so that each token goes into two, by matrices of their own.
/// Source: DeepSeek-V4, arXiv 2606.19348, equations 9, 10, 20 and 21.
double compressor_columns(const Compressed& compressed, int layers);

/// Of the indexer's own compressor, in a layer that has an indexer.
double index_compressor_columns(const Compressed& compressed);

/// Blocks that one token adds to the mean layer.
double blocks_per_token(const Compressed& compressed, int layers);

}  // namespace superpod::models
