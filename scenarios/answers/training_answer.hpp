/// What the run of a training step found, and what follows for the training.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/critical_path.hpp"
#include "analysis/time_by_cause.hpp"
#include "models/faults/asymmetry.hpp"
#include "models/hardware/system.hpp"
#include "models/training/phases.hpp"
#include "models/training/step.hpp"
#include "scenarios/answers/bill_result.hpp"
#include "scenarios/answers/expert_load_result.hpp"
#include "scenarios/answers/extent.hpp"
#include "scenarios/answers/faults_result.hpp"
#include "scenarios/answers/jitter_result.hpp"
#include "scenarios/answers/network_result.hpp"
#include "scenarios/answers/reliability_result.hpp"
#include "scenarios/answers/timing_basis.hpp"
#include "scenarios/answers/traffic.hpp"
#include "scenarios/answers/uncertainty_result.hpp"
#include "sim/platform/trace.hpp"
#include "sim/values/units.hpp"

namespace superpod::scenarios {

/// What ran, and when.
struct Ran {
  const models::Work& plan;
  const Trace& trace;
  const std::vector<models::OtherChip>& chips;  ///< that some units have instead of the system's
};

/// A slot of a pipeline rank, or the update of its weights.
struct SlotSpan {
  RankId rank = 0;
  std::string phase;
  int microbatch = 0, chunk = 0;  ///< of its first pass, counted from 0; -1 for what belongs to none
  Span span;
};

/// A kernel of an average NPU's step, and which measurements its time comes from.
struct StepKernel {
  models::KernelCount count;
  std::string source;
};

/// Steps with kernels faster and slower by the error that their timings are expected to have.
struct StepInterval {
  Seconds fast, slow;
};

struct TrainingAnswer {
  Extent extent;
  std::string model, system;
  Seconds step;       ///< from the start of the step to the end of its last task
  double tokens = 0;  ///< of a step
  double mfu = 0;
  models::Precision mfu_precision{};  ///< whose peak it is a share of
  analysis::TimeByCause by_cause;
  models::Phases phases;
  analysis::CriticalPath critical_path;
  std::vector<Platform::Rank> ranks;       ///< classes, as `by_cause` has them
  std::vector<models::RankMemory> memory;  ///< [pipeline rank]
  Bytes capacity;                          ///< of one NPU's memory; of several chips' the smallest
  std::vector<SlotSpan> slots;
  std::vector<StepKernel> kernels;
  std::vector<TimingUse> timings;
  std::optional<ExpertLoads> expert_loads;  ///< none: all are alike
  Traffic traffic;
  std::optional<Network> network;   ///< none: a graph has no levels
  std::optional<FaultList> faults;  ///< none: the system is whole
  std::optional<Slowdown> slowdown;
  std::optional<StepInterval> step_interval;  ///< none: unless timings tell an error, and nothing tells more
  std::optional<JitterAnswer> jitter;
  BillAnswer bill;
  std::optional<ReliabilityAnswer> reliability;
  EnergyAnswer energy;
  std::optional<UncertainAnswer> uncertainty;

  [[nodiscard]] Hertz pace() const { return tokens / step.in(unit::s)*unit::Hz; }  ///< tokens in a time
  [[nodiscard]] const models::RankMemory& fullest() const;
  /// None where the tokens are not told, or no uncertainty was asked for.
  [[nodiscard]] std::optional<std::pair<Seconds, Seconds>> time_to_train_interval() const;
};

/// What the step itself says, and the traffic. The network, faults, the bill, reliability, energy and
/// uncertainty are for whoever knows the rest of the scenario to fill in.
TrainingAnswer training_answer(const models::TrainingWorkload& workload, const models::System& system,
                               const models::TrainingWork& planned, const Ran& ran);

}  // namespace superpod::scenarios
