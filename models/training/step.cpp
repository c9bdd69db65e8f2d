#include "models/training/step.hpp"

#include <algorithm>
#include <stdexcept>

#include "models/training/classes.hpp"
#include "models/training/step_writer.hpp"
#include "models/transformer/flops.hpp"
#include "models/transformer/optimizer.hpp"

namespace superpod::models {
namespace {

/// What an average rank runs: each microbatch passes each layer once, whatever the schedule, and each owner
/// of weights updates its share once.
class KernelCounter {
 public:
  explicit KernelCounter(int ranks) : ranks_{ranks} {}

  void add(const KernelUse& use, double calls) {
    auto at = std::ranges::find_if(counts_, [&](const KernelCount& k) {
      return k.use.name == use.name && k.use.kernel.flops == use.kernel.flops &&
             k.use.kernel.bytes == use.kernel.bytes;
    });
    if (at == counts_.end()) at = counts_.insert(at, {use, 0});
    at->calls += calls / ranks_;
  }
  std::vector<KernelCount> take() { return std::move(counts_); }

 private:
  int ranks_;
  std::vector<KernelCount> counts_;
};

std::vector<KernelCount> kernel_counts(const TrainingWorkload& workload, const Chip& chip,
                                       const TrainingWork& planned) {
  const OpWriter writer = op_writer(workload, chip, planned.mapping);
  KernelCounter counter{planned.mapping.pipe.ranks};
  for (const Stage& stage : planned.stages)
    for (const Layer& layer : stage)
      for (const KernelUse& use : writer.kernel_uses(layer))
        counter.add(use, planned.mapping.pipe.microbatches);
  const int homes = workload.schedule == Schedule::dualpipe ? 2 : 1;
  for (const Stage& stage : planned.stages)
    for (const Layer& layer : stage) {
      const double owned = parameters_owned(workload, planned.mapping, layer);
      if (owned == 0) continue;
      for (const Kernel& kernel : optimizer_kernels(owned, workload.optimizer))
        counter.add({"optimizer: " + std::string{kernel.name}, kernel, time_of(kernel, chip)}, homes);
    }
  return counter.take();
}

}  // namespace

TrainingWork without_tasks(const TrainingWorkload& workload, const Chip& chip,
                           const topology::Wiring& wiring) {
  TrainingWork step;
  step.mapping = map(workload, wiring);
  step.stages = stages_of(workload, chip, step.mapping);
  step.kernels = kernel_counts(workload, chip, step);
  step.memory = memory(workload, step.mapping, step.stages);
  return step;
}

TrainingWork plan(const TrainingWorkload& workload, const Chip& chip, const topology::Wiring& wiring,
                  Detail detail, const Asymmetry& asymmetry) {
  TrainingWork result = without_tasks(workload, chip, wiring);
  const topology::Routes routes{wiring, asymmetry.links};
  StepClasses classes = detail == Detail::full ? full_classes_of(result.mapping, wiring, asymmetry)
                                               : classes_of(result.mapping, routes, asymmetry);
  topology::Folding within{routes, std::move(classes.within), result.plan.platform};
  topology::Folding across{routes, std::move(classes.across), within};
  const Computing computing = computing_of(chip, result.mapping, asymmetry, within);
  write_tasks(workload, computing, {within, across}, result);
  return result;
}

double mfu(const TrainingWorkload& workload, const Chip& chip, double npus, Seconds step) {
  const Flops per_token = training_flops_per_token(workload.model.value, workload.sequence_length);
  const double tokens = static_cast<double>(workload.batch) * workload.sequence_length;
  const auto peak = peak_of(chip, workload.mfu_precision.value_or(workload.precision.gemm));
  if (!peak) throw std::invalid_argument{chip.name + " has no peak in the precision that MFU refers to"};
  return tokens * per_token / step / (npus * *peak);
}

}  // namespace superpod::models
