/// Which experts tokens choose, when some experts are more popular than others.
///
/// A token chooses g = groups_per_token of the groups, and k = top_k experts in them. Each expert e has a
/// popularity w(e); a choice of groups and of a set S of experts in them is the more probable, the more
/// popular its experts are:
///
///     P(groups, S) = product over e in S of w(e) / Z,    Z = sum over all choices of that product
///
/// Among all ways to draw tokens' experts that give each expert a certain share of them, this one has the
/// largest entropy: it supposes nothing else (conditional Poisson sampling, where there are no groups). With
/// equal popularities all choices are alike probable, as in dispatch.hpp. Z is the coefficient of t^g x^k of
///
///     product over groups of (1 + t * product over its experts e of (1 + w(e) x))
///
/// Source: Chen, Dempster, Liu, "Weighted finite population sampling to maximize entropy", Biometrika 81(3),
///         1994; group-limited routing as in DeepSeek-V3, arXiv 2412.19437, section 2.1.2.
#pragma once

#include <span>
#include <vector>

#include "models/transformer/llm.hpp"

namespace superpod::models {

/// [expert] the probability that a token goes to it; they add up to top_k.
/// Cost: some 50 us for 256 experts.
std::vector<double> choice_probabilities(const Moe& moe, std::span<const double> popularity);

/// [part] the probability that a token goes to an expert of a part: 1 - Z without the part's experts / Z.
std::vector<double> visit_probabilities(const Moe& moe, std::span<const double> popularity,
                                        std::span<const int> part_of_expert, int parts);

/// [expert] popularities under which experts get tokens in proportion to `load`, whose mean is 1: expert e is
/// chosen with the probability top_k load(e) / experts, to 1e-11 of it.
/// Throws std::invalid_argument where no such choice exists: an expert gets each token at most once, so that
/// its load is below experts / top_k, and tokens visit few groups.
/// Cost: some milliseconds.
std::vector<double> popularities(const Moe& moe, std::span<const double> load);

}  // namespace superpod::models
