/// A machine of NPUs that are each as fast as chance made them, simulated NPU by NPU.
#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include "models/random/random.hpp"
#include "models/training/jittered_step.hpp"
#include "sim/engine/engine.hpp"
#include "topology/folding/folding.hpp"

namespace superpod::models {

struct DrawnMachine {
  const TrainingWork& full;     // of every NPU
  std::vector<double> factors;  // [NPU]

  DrawnMachine(const TrainingWork& plan_of_every_npu, const Jitter& jitter, std::uint64_t seed)
      : full{plan_of_every_npu} {
    for (std::size_t npu = 0; npu < full.plan.platform.ranks.size(); ++npu)
      factors.push_back(factor(jitter, random_number(stream(seed, 0), npu)));
  }

  [[nodiscard]] double step() const {
    TaskGraph work = full.plan.work;
    for (std::size_t t = 0; t < work.tasks().size(); ++t)
      if (const auto& task = work.tasks()[t]; task.kind == TaskGraph::Kind::occupy)
        work.scale(static_cast<TaskId>(t), factors[npu_of(task)]);
    return run(full.plan.platform, work).makespan.in(unit::s);
  }

  /// What jittered_step would know of this machine. `places` [NPU]: digits on the grid of the plan.
  [[nodiscard]] std::vector<DrawnReplica> replicas(const std::vector<topology::Values>& places) const {
    const Mapping& mapping = full.mapping;
    std::map<int, std::vector<double>> groups;
    std::vector<double> update(static_cast<std::size_t>(mapping.pipe.ranks));
    for (std::size_t npu = 0; npu < factors.size(); ++npu) {
      int replica = 0;
      for (const int d : mapping.data)
        replica = replica * mapping.grid[static_cast<std::size_t>(d)].size +
                  places[npu][static_cast<std::size_t>(d)];
      auto& group = groups.try_emplace(replica, update.size()).first->second;
      const auto rank = static_cast<std::size_t>(mapping.stage_rank(places[npu]));
      group[rank] = std::max(group[rank], factors[npu]);
      update[rank] = std::max(update[rank], factors[npu]);
    }
    std::vector<DrawnReplica> all;
    for (const auto& [replica, passes] : groups) all.push_back({passes, update});
    return all;
  }

 private:
  [[nodiscard]] std::size_t npu_of(const TaskGraph::Task& task) const {
    return static_cast<std::size_t>(full.plan.platform.devices[static_cast<std::size_t>(task.target)].rank);
  }
};

}  // namespace superpod::models
