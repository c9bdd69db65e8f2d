/// A chip and models that are small enough for full simulations.
#pragma once

#include "models/hardware/chip.hpp"
#include "models/transformer/llm.hpp"

namespace superpod::models {

inline Chip small_chip() {
  using namespace unit;
  Chip chip;
  chip.name = "chip";
  chip.peak.bf16 = 400 * TFLOP / s;
  chip.peak.fp8 = 800 * TFLOP / s;
  chip.memory = 64 * GB;
  chip.memory_bandwidth = 2 * TB / s;
  chip.launch_overhead = 2 * us;
  return chip;
}

inline Llm small_moe() {
  Llm llm;
  llm.name = "small MoE";
  llm.layers = 9;
  llm.hidden = 1024;
  llm.vocab = 32000;
  llm.ffn_intermediate = 4096;
  llm.mtp_layers = 1;
  llm.attention = Mla{16, 384, 128, 64, 32, 64};
  llm.moe = Moe{64, 4, 1, 512, 1, 8, 4};
  return llm;
}

inline Llm small_dense() {
  Llm llm = small_moe();
  llm.name = "small dense";
  llm.attention = Gqa{16, 4, 64};
  llm.moe.reset();
  llm.mtp_layers = 0;
  return llm;
}

}  // namespace superpod::models
