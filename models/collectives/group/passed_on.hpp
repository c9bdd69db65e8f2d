/// An all-to-all in which some ranks receive more than others (all-to-all-v), passed on from rank to rank in
/// stages.
#pragma once

#include <vector>

#include "models/collectives/group/group.hpp"

namespace superpod::models {

/// Each rank of a group of p has `size` in all for the ranks, `load(r)` times the mean for rank r; p loads by
/// place (topology::place_of), whose mean is 1. The data go in stages: before a stage those that a rank holds
/// are for ranks whose places equal its own modulo `before`, after it modulo `after`; both are products of
/// the sizes of the group's first digits, or of factors of one, and 1 and p for an exchange in one stage.
/// Then a rank passes on
///
///     before * size / p * sum of load(r) over the ranks r with r = place of the receiver (mod `after`)
///
/// because it holds what `before` ranks sent. Even loads give before / after * size.
/// The classes of `group` must outlive the amount.
Amount passed_on(const Group& group, Bytes size, const std::vector<double>& load, int before, int after);

}  // namespace superpod::models
