/// Which shapes are measured: those of the catalogue's models, and a design that fills the space between.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/transformer/llm.hpp"
#include "scenarios/bench/task.hpp"
#include "scenarios/text/library.hpp"

namespace superpod::scenarios {

/// The models of a library, in alphabetic order. Throws ScenarioError when one has mistakes.
std::vector<models::Llm> models_of(const Library& library);

/// Products of the models' layers at 1, 16, 256 and 4,096 tokens: whole, and routed experts as one of
/// `experts / 8` ranks has them. Each shape once.
std::vector<models::MatrixShape> model_products(std::span<const models::Llm> llms);

/// Core attention of the models on one of 8 tensor-parallel ranks: prefill of 512 and 4,096 tokens, and
/// decode of 1, 16 and 128 sequences of 1,024 and 8,192; MLA absorbed in decode. Each shape once.
std::vector<models::AttentionShape> model_attention(std::span<const models::Llm> llms);

/// m from 1 to 16,384 and n, k from 256 to 16,384 in multiples of 128, evenly in their logarithms: the first
/// points of a Halton sequence in bases 2, 3 and 5, moved by an amount that the seed draws.
/// Source: Halton, "On the efficiency of certain quasi-random sequences of points in evaluating
///         multi-dimensional integrals", Numerische Mathematik 2, 1960; Cranley & Patterson, "Randomization
///         of number theoretic methods for multiple integration", SIAM J. Numer. Anal. 13(6), 1976.
std::vector<models::MatrixShape> space_filling(std::size_t points, std::uint64_t seed);

/// `shapes` shapes that a device can run and that are not too large for it, in turn from the models and from
/// the space between, each in every type that it has. The same seed gives the same tasks.
std::vector<Task> tasks(std::span<const models::Llm> llms, const Abilities& abilities, std::size_t shapes,
                        std::uint64_t seed);

}  // namespace superpod::scenarios
