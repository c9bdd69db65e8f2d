/// One system of one size, and the search for its fastest mapping.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/costs/bill.hpp"
#include "models/costs/energy.hpp"
#include "models/hardware/supply.hpp"
#include "models/search/best.hpp"
#include "scenarios/planning/question.hpp"

namespace superpod::scenarios {

struct Cluster {
  std::size_t candidate = 0;  ///< of the question
  models::System system;
  models::TrainingWorkload workload;
  double npus = 0;
  std::string size;  ///< in words: `4 pods`
  models::Bill bill;
  models::Power power;
  std::optional<models::Delivery> delivery;  ///< none: the output of its chip is not known
};

/// Every size of every candidate, in the order of the question.
std::vector<Cluster> clusters_of(const Question& question);

/// Why it is out.
struct Reject {
  std::string stage;  ///< `shape`, `memory`, `bound`, `limit: power`, ...
  std::string reason, example;
  double count = 0;
};

/// A mapping that was simulated.
struct FoundStep {
  models::Simulated seen;
  double memory_share = 0;  ///< of the fullest NPU
  Seconds low, high;        ///< with kernels off by their expected error; 0: not asked

  [[nodiscard]] const models::MappingChoice& choice() const { return seen.candidate.choice; }
  [[nodiscard]] Seconds step() const { return seen.step; }
  [[nodiscard]] Seconds bound() const { return seen.candidate.bound.step; }
};

struct ClusterSearch {
  std::vector<FoundStep> steps;  ///< fastest per sequence first
  std::vector<Reject> rejects;
  double mappings = 0;  ///< that were bounded
  double without_memory = 0, pruned = 0, misfits = 0;
  double open_gap = 0;  ///< models::Best::open_gap
  bool proven = false;
};

/// Bounds all mappings and simulates the most promising. A cluster that no mapping can make meet the
/// deadline, even without failures, or that itself is beyond a limit, is not simulated.
ClusterSearch searched(const Question& question, const Cluster& cluster);

/// A mapping of somebody's own on a cluster: its step, or why it cannot run.
struct OwnStep {
  FoundStep step;
  std::string misfit;
};
OwnStep own_step(const Cluster& cluster, const OwnMapping& mapping);

/// The step of a choice with kernels faster and slower by their expected error.
void add_interval(const Cluster& cluster, FoundStep& step);

}  // namespace superpod::scenarios
