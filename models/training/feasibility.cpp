#include "models/training/feasibility.hpp"

#include <algorithm>

#include "models/training/operations.hpp"
#include "sim/values/quantity_text.hpp"

namespace superpod::models {
namespace {

/// What the chip cannot do, each with the key of the workload that asks for it.
void check_chip(const TrainingWorkload& workload, const Chip& chip, std::vector<topology::Flaw>& found) {
  for (const std::string& key : lacking(chip, matrix_precisions(workload.precision)))
    found.push_back({"precision", chip.name + " has no figure for '" + key + "'",
                     "another precision, or `system: {base: ..., chip: {base: ..., " + key + ": ...}}`"});
  if (workload.mfu_precision && !peak_of(chip, *workload.mfu_precision))
    found.push_back({"mfu_precision", chip.name + " has no peak in this precision", "leave it out"});
  if (const int taken = workload.communication_cores.value;
      taken > 0 && (!chip.cores || taken >= chip.cores->value))
    found.push_back({"communication_cores", std::to_string(taken) + " cores do not leave any to compute",
                     chip.cores ? chip.name + " has " + std::to_string(chip.cores->value)
                                : "the cores of " + chip.name + " are not known"});
}

}  // namespace

std::vector<topology::Flaw> flaws(const TrainingWorkload& workload, const System& system) {
  const Chip& chip = system.chip.value;
  auto found = flaws(workload, system.fabric());
  check_chip(workload, chip, found);
  if (!found.empty()) return found;
  const topology::Wiring wiring{system.fabric()};
  const Mapping mapping = map(workload, wiring);
  return misfits(memory(workload, mapping, stages_of(workload, chip, mapping)), chip);
}

std::vector<topology::Flaw> flaws(const TrainingWorkload& workload, const System& system, const Chip& other) {
  std::vector<topology::Flaw> found;
  check_chip(workload, other, found);
  if (found.empty()) {
    const topology::Wiring wiring{system.fabric()};
    const Mapping mapping = map(workload, wiring);
    found = misfits(memory(workload, mapping, stages_of(workload, system.chip.value, mapping)), other);
  }
  for (topology::Flaw& flaw : found) {
    flaw.key.clear();
    if (!flaw.message.starts_with(other.name)) flaw.message = other.name + ": " + flaw.message;
  }
  return found;
}

std::vector<topology::Flaw> misfits(const std::vector<RankMemory>& memory, const Chip& chip) {
  if (!chip.memory)
    return {{"parallel", "the memory of " + chip.name + " is not known", "give it in `system.chip.memory`"}};
  const auto total = [](const RankMemory& of_rank) { return of_rank.total(); };
  const auto fullest = std::ranges::max_element(memory, {}, total);
  if (fullest->total() <= chip.memory->value) return {};
  const std::string parts = "weights " + text(fullest->weights) + ", gradients " + text(fullest->gradients) +
                            ", optimizer " + text(fullest->optimizer) + ", activations " +
                            text(fullest->activations) + ", buffers " + text(fullest->buffers);
  const bool activations_lead = fullest->activations > fullest->weights + fullest->gradients;
  return {{"parallel",
           "does not fit: pipeline rank " + std::to_string(fullest - memory.begin()) + " needs " +
               text(fullest->total()) + " of " + text(chip.memory->value) + " (" + parts + ")",
           activations_lead ? "activations lead: recompute more, or fewer sequences a microbatch"
                            : "weights lead: more tensor, expert or pipeline ranks"}};
}

}  // namespace superpod::models
