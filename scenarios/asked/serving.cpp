#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <stdexcept>

#include "models/serving/served.hpp"
#include "models/serving/serving_flaws.hpp"
#include "models/transformer/layer_kernels.hpp"
#include "scenarios/asked/expert_tokens.hpp"
#include "scenarios/asked/flaws.hpp"
#include "scenarios/asked/ground.hpp"
#include "scenarios/asked/kernel_source.hpp"
#include "scenarios/asked/kinds.hpp"
#include "scenarios/traces/read_trace.hpp"
#include "sim/values/quantity_text.hpp"

namespace superpod::scenarios {

using models::ServingWorkload;

void read_tables(ServingWorkload& workload, const Places& places, Mistakes& mistakes) {
  read_expert_tokens(workload.expert_load, places, mistakes);
  const auto* named = std::get_if<models::TraceRequests>(&workload.requests.source);
  if (!named) return;
  const Place place = places.at("workload.requests.source.file");
  const std::filesystem::path scenario = place.source ? place.source->name : std::string{};
  try {
    workload.trace = read_trace(scenario.parent_path() / named->file, *named, mistakes);
  } catch (const std::runtime_error& why) {
    mistakes.add(place, why.what(), "the path counts from the folder of the scenario");
  }
}

void note_flaws(const ServingWorkload& workload, const ScenarioFile& on, Mistakes& mistakes) {
  if (on.cabling)
    return mistakes.add(on.places.at("workload.kind"), "engines need levels to be laid on, a graph has none",
                        "give the system levels and networks, or run a collective");
  note(models::flaws(workload, on.scenario.system.value), "workload", on.places, mistakes);
}

void note_misfits(const ServingWorkload& workload, const ScenarioFile& on, Mistakes& mistakes) {
  const std::string only_training = "only a training says what its system needs and costs";
  struct Misplaced {
    std::string key, message;
  };
  const std::array misplaced{
      Misplaced{"faults", "what serves has no faults yet: its system is whole"},
      Misplaced{"reliability", "what fails while requests are served is not known yet"},
      Misplaced{"uncertainty", "a serving has intervals of its kernels only"},
      Misplaced{"site", only_training},
      Misplaced{"prices", only_training},
      Misplaced{"supply", only_training}};
  for (const auto& [key, message] : misplaced)
    if (on.places.contains(key)) mistakes.add(on.places.at(key), message, "leave it out");
  const bool balanced = std::holds_alternative<models::BalancedLoad>(workload.expert_load);
  const auto unread = [&](const std::string& key, const std::string& why) {
    if (on.places.contains(key)) mistakes.add(on.places.at(key), why, "leave it out");
  };
  if (!workload.model.value.moe) {
    unread("workload.expert_load", workload.model.value.name + " has no experts");
    unread("workload.expert_placement", workload.model.value.name + " has no experts");
  } else if (balanced) {
    unread("workload.expert_placement", "all experts get the same: where they live changes nothing");
  }
}

namespace {

/// As engines say it when they start.
std::string cache_words(const models::ServedPool& served) {
  const models::CacheBudget& budget = served.budget();
  return "memory of an NPU: " + text(budget.memory) + ", of which weights " + text(budget.weights) +
         ", activations " + text(budget.activations) + ", reserved " + text(budget.reserved) + ", cache " +
         text(budget.cache) + " (" + text(budget.token) +
         " a token)\ncache size: " + std::to_string(served.cache_tokens()) + " tokens in " +
         std::to_string(budget.blocks) + " blocks, for each tensor group\n";
}

}  // namespace

std::string explained(const ServingWorkload& workload, const ScenarioFile& on) {
  const models::Chip& chip = on.scenario.system.value.chip.value;
  const Ground ground = ground_of(on.scenario);
  const models::ServedModel served{workload, chip, ground.wiring};
  std::string out =
      "\n" + std::string{served.second() ? "engines that read prompts\n" : ""} + cache_words(served.first());
  if (served.second()) out += "engines that write answers\n" + cache_words(*served.second());
  out += "\nkernels, and the measurements that time them\n";
  std::map<std::string, std::string> sources;
  std::size_t widest = 0;
  for (const auto& [name, kernel] : served.first().kernels()) {
    sources[name] = kernel_source(kernel, chip);
    widest = std::max(widest, name.size());
  }
  for (const auto& [name, source] : sources)
    out += "  " + name + std::string(widest - name.size() + 2, ' ') + source + "\n";
  return out;
}

}  // namespace superpod::scenarios
