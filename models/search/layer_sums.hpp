/// What runs of layers cost a rank: sums over layers, of which a stage is a difference.
#pragma once

#include <map>
#include <vector>

#include "models/search/geometry.hpp"
#include "models/search/layer_profile.hpp"

namespace superpod::models {

/// What the layers cost a rank of one shard, microbatch and recomputation, on whatever system.
struct SliceProfile {
  std::vector<LayerProfile> kinds;
  std::vector<double> costs;             ///< [layer] seconds of kernels: what the cut of the model balances
  std::map<int, std::vector<int>> cuts;  ///< [stages] layers of each stage
};

/// Of one slice on one geometry, summed over layers before each: [layer + 1].
struct LayerSums {
  std::vector<Seconds> forward;                   ///< one slot over these layers takes at least that
  std::vector<Seconds> backward, backward_chain;  ///< kernels, and the chain
  std::vector<Seconds> kernels, forward_chain, beside_chain,
      links;                                      ///< of passes that overlap, both directions
  std::vector<Seconds> forward_kernels, weights;  ///< kernels: forward, and of gradients of weights alone
  Seconds trailing;  ///< of the last exchange of a pass, which the next slot does not wait for
  std::vector<Bytes> lasting, activations;  ///< without optimizer state; of one microbatch
  std::vector<Bytes> again;                 ///< [layer]
  Bytes buffers;                            ///< of one pass
  Seconds transfer;                         ///< to a neighbouring stage
  SliceProfile* profile = nullptr;
};

/// What layers are run on, and where.
struct LayerCase {
  const Llm& llm;
  const Slice& slice;
  const Geometry& geometry;
  const LayerKinds& kinds;
};

/// `profile` must outlive the sums. Cost: some microseconds.
LayerSums layer_sums(const LayerCase& work, SliceProfile& profile);

/// Of the layers [first, end).
template <class Quantity>
Quantity of_run(const std::vector<Quantity>& sums, int first, int end) {
  return sums[static_cast<std::size_t>(end)] - sums[static_cast<std::size_t>(first)];
}

/// Likewise of what stands layer by layer.
template <class Quantity>
Quantity over(const std::vector<Quantity>& of_layer, int first, int end) {
  Quantity sum;
  for (int layer = first; layer < end; ++layer) sum += of_layer[static_cast<std::size_t>(layer)];
  return sum;
}

}  // namespace superpod::models
