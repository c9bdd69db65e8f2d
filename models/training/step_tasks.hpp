/// The tasks of a step, written front by front: what the ranks of one pipeline rank do together.
#pragma once

#include <string>
#include <vector>

#include "models/collectives/group/group.hpp"
#include "models/training/mapping.hpp"
#include "sim/platform/task_graph.hpp"
#include "topology/folding/rank_classes.hpp"

namespace superpod::models {

/// The classes of one pipeline rank, and the groups in which they communicate. Copies are parted into those
/// within a block (classes.hpp) and the `blocks`, whose classes are other ones of the same ranks.
struct Team {
  std::vector<RankId> ranks;
  Group tensor, context, expert, expert_inside, expert_across, dense_copies, expert_copies, blocks;
};

/// [pipeline rank]; the experts' group is also parted into the innermost network (`inside`) and the others
/// (`across`).
std::vector<Team> teams_of(const Mapping& mapping, topology::RankClasses& within,
                           topology::RankClasses& across);

class StepTasks {
 public:
  StepTasks(TaskGraph& graph, topology::RankClasses& within, topology::RankClasses& across,
            const Mapping& mapping)
      : graph_{graph}, classes_{within}, mapping_{mapping}, teams_{teams_of(mapping, within, across)} {}

  [[nodiscard]] const Mapping& mapping() const { return mapping_; }
  [[nodiscard]] const Team& team(int pipeline_rank) const {
    return teams_[static_cast<std::size_t>(pipeline_rank)];
  }
  [[nodiscard]] TaskId next() const {  ///< the first that is not yet written
    return static_cast<TaskId>(graph_.tasks().size());
  }
  [[nodiscard]] Writer writer(const std::string& name, const std::string& cause, int microbatch = -1);

  /// Waits, rank by rank, for all of the fronts.
  Front join(const std::vector<Front>& fronts);

  /// Joins of its own, so that what comes from other ranks can be waited for when it is known.
  Front gate(const Front& after);

  /// Makes each rank of a front wait for what stands at its place in another.
  void wait(const Front& after, const Front& before);

  /// One task that waits for all of the fronts on all ranks.
  TaskId barrier(const std::vector<Front>& fronts);

  /// The same computation on all ranks of a team, `time_of(rank)` long.
  template <class TimeOf>
  Front compute(const Writer& to, const Team& team, TimeOf&& time_of, const Front& begin) {
    Front end;
    end.reserve(team.ranks.size());
    for (const RankId rank : team.ranks)
      end.push_back(graph_.occupy(rank, time_of(rank), to.label, to.microbatch));
    wait(end, begin);
    return end;
  }

  /// An exchange of the blocks with each other: it begins when all ranks of the pipeline rank have come to
  /// it, and they go on together when it has ended. Buckets of gradients keep one order on all ranks, so that
  /// a rank that is ahead cannot do much else; a lone late rank holds all up, which is the most that it can
  /// do.
  template <class Exchange>
  Front across_blocks(int pipeline_rank, const Front& begin, Exchange&& exchange) {
    const Group& blocks = team(pipeline_rank).blocks;
    if (blocks.size() == 1) return begin;
    return Front(begin.size(), barrier({exchange(blocks, Front(blocks.ranks().size(), barrier({begin})))}));
  }

  /// Each rank of a pipeline rank sends to the one at the same place of another: in the order of the senders.
  Front send(const Writer& to, int pipeline_rank, int destination, Bytes size, const Front& begin);

  /// Moves in the order of the ranks that they go to.
  [[nodiscard]] Front arrived(const Front& moves, int pipeline_rank) const;

 private:
  TaskGraph& graph_;
  topology::RankClasses& classes_;
  const Mapping& mapping_;
  std::vector<Team> teams_;
};

}  // namespace superpod::models
