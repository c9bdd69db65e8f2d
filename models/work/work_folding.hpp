/// Any plan with every rank, link and flow, folded as far as its symmetry reaches (colour refinement).
///
/// Tasks, streams (what goes over one route under one label), links, devices and ranks are refined together
/// (topology/folding/colour_refinement.hpp): members of a class of
///
/// - tasks do the same (kind, amount, label, microbatch), wait for equally many tasks of each class, and
///   belong to streams or devices of one class, on a device at the same place in the order of its tasks;
/// - streams have equal latencies, cross the links of each class equally often and carry equally many tasks
///   of each class;
/// - links have one name and bandwidth, and are crossed equally often by the streams of each class;
/// - devices and ranks do, send and receive equally much of each class.
///
/// Then all members of a class of tasks begin and end together: a task is ready when the last of those that
/// it waits for has ended, a device takes the one that stands first, and max-min fair rates are equal within
/// a class (refinement.hpp). So one of each class is enough. Who waits for a task does not matter to it and
/// is not looked at. Orbits of symmetries are such classes: there are never more classes than orbits.
#pragma once

#include <vector>

#include "models/work/work.hpp"

namespace superpod::models {

struct FoldedWork {
  Work plan;
  std::vector<TaskId> task;  ///< [task of the whole plan] the one that stands for it
  std::vector<RankId> rank;  ///< [rank of the whole plan]
};

/// Figures that agree to 1e-12 count as equal: they were added up in another order.
/// Cost: O(E log V) time, some 70 bytes for each task, dependency and hop.
FoldedWork folded(const Work& whole);

}  // namespace superpod::models
