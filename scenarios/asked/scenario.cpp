#include "scenarios/asked/scenario.hpp"

#include <algorithm>
#include <vector>

#include "models/collectives/cabled_collective.hpp"
#include "models/training/feasibility.hpp"
#include "scenarios/asked/expert_tokens.hpp"
#include "scenarios/asked/planning_keys.hpp"
#include "scenarios/asked/uncertain_inputs.hpp"
#include "scenarios/text/source_file.hpp"
#include "scenarios/text/yaml_merge.hpp"
#include "topology/files/graph_file.hpp"

namespace superpod::scenarios {
namespace {

void note(const std::vector<topology::Flaw>& flaws, const std::string& path, const Places& places,
          Mistakes& mistakes) {
  for (const topology::Flaw& flaw : flaws)
    mistakes.add(places.at(flaw.key.empty() ? path : path + "." + flaw.key), flaw.message, flaw.help);
}

/// Faults that the system cannot have, or that mean nothing to the workload.
void note_faults(const ScenarioFile& file, Mistakes& mistakes) {
  const models::System& system = file.scenario.system.value;
  const models::Faults& faults = file.scenario.faults;
  note(models::flaws(faults, system, file.scenario.seed), "faults", file.places, mistakes);
  if (!mistakes.empty()) return;
  if (const auto* training = std::get_if<models::TrainingWorkload>(&file.scenario.workload)) {
    for (std::size_t i = 0; i < faults.chips.size(); ++i)
      note(models::flaws(*training, system, faults.chips[i].chip.value),
           "faults.chips." + std::to_string(i) + ".chip", file.places, mistakes);
    return;
  }
  const std::string computes_nothing = "a collective computes nothing: ";
  if (!faults.npus.empty())
    mistakes.add(file.places.at("faults.npus"), computes_nothing + "slow NPUs do not change it",
                 "leave them out; `links` are what can slow it down");
  if (faults.jitter)
    mistakes.add(file.places.at("faults.jitter"), computes_nothing + "speeds of NPUs do not change it",
                 "leave it out");
  if (!faults.chips.empty())
    mistakes.add(file.places.at("faults.chips"), computes_nothing + "other chips do not change it",
                 "leave them out; `links` are what can slow it down");
}

/// What only a training has, and inputs that it has not.
void note_planning(const ScenarioFile& file, Mistakes& mistakes) {
  const Scenario& scenario = file.scenario;
  if (!std::holds_alternative<models::TrainingWorkload>(scenario.workload)) {
    if (scenario.reliability)
      mistakes.add(file.places.at("reliability"), "a collective is over before something fails",
                   "leave it out, or run a training");
    if (scenario.uncertainty)
      mistakes.add(file.places.at("uncertainty"), "only trainings have intervals", "leave it out");
    return;
  }
  if (!scenario.uncertainty) return;
  std::vector<std::string> known;
  for (const auto& input : system_inputs(scenario.system.value, {})) known.push_back(input.path);
  if (scenario.reliability)
    for (const auto& input : uncertain_inputs(*scenario.reliability, "reliability", {}))
      known.push_back(input.path);
  for (const auto& [path, width] : scenario.uncertainty->inputs)
    if (std::ranges::find(known, path) == known.end())
      mistakes.add(file.places.at("uncertainty.inputs." + path),
                   in_quotes(path) + " is no input that may be off", suggestion(path, known, "inputs"));
}

/// Reads the graph of the system, and notes what else it leaves no room for.
void read_graph(ScenarioFile& file, Mistakes& mistakes) {
  models::System& system = file.scenario.system.value;
  for (const char* key : {"system.levels", "system.networks"})
    if (file.places.contains(key))
      mistakes.add(file.places.at(key), "a system with a graph has no levels and networks of its own",
                   "leave them out, or the graph");
  if (!file.scenario.faults.none())
    mistakes.add(file.places.at("faults"), "a graph has no names for what breaks",
                 "leave out what is dead in its file");
  const auto* collective = std::get_if<models::CollectiveWorkload>(&file.scenario.workload);
  if (collective == nullptr)
    mistakes.add(file.places.at("workload.kind"),
                 "a training step needs levels to be mapped onto, a graph has none",
                 "give the system levels and networks, or run a collective");
  if (!mistakes.empty()) return;
  const Place place = file.places.at("system.graph.file");
  try {
    const std::filesystem::path folder =
        place.source ? std::filesystem::path{place.source->name}.parent_path() : std::filesystem::path{};
    file.cabling = topology::read_cabling(folder / system.graph->file);
  } catch (const std::runtime_error& wrong) {
    mistakes.add(place, wrong.what(), "nodes have a kind (npu, switch), edges a bandwidth and a latency");
    return;
  }
  system.levels = models::one_level(*file.cabling, {}).levels;
  note(flaws(*collective, *file.cabling), "workload", file.places, mistakes);
}

/// What does not fit together although each value is right by itself.
void note_flaws(ScenarioFile& file, Mistakes& mistakes) {
  if (file.scenario.system.value.graph) return read_graph(file, mistakes);
  const topology::Fabric fabric = file.scenario.system.value.fabric();
  note(topology::flaws(fabric), "system", file.places, mistakes);
  if (!mistakes.empty()) return;
  if (const auto* training = std::get_if<models::TrainingWorkload>(&file.scenario.workload))
    note(models::flaws(*training, file.scenario.system.value), "workload", file.places, mistakes);
  else
    note(flaws(std::get<models::CollectiveWorkload>(file.scenario.workload), fabric), "workload", file.places,
         mistakes);
  if (mistakes.empty()) note_faults(file, mistakes);
}

}  // namespace

std::optional<ScenarioFile> read_scenario(const std::filesystem::path& path, const Library& library,
                                          std::span<const std::string> settings, Mistakes& mistakes) {
  const auto source = read_source(path, mistakes);
  return source ? read_scenario(source, library, settings, mistakes) : std::nullopt;
}

std::optional<ScenarioFile> read_scenario(const std::shared_ptr<const Source>& source, const Library& library,
                                          std::span<const std::string> settings, Mistakes& mistakes) {
  auto tree = parse_yaml(source, mistakes);
  if (!tree) return std::nullopt;
  return read_scenario(with_settings(std::move(*tree), settings, mistakes), source->text, library, mistakes);
}

std::optional<ScenarioFile> read_scenario(const Node& tree, std::string text, const Library& library,
                                          Mistakes& mistakes) {
  ScenarioFile file;
  file.text = std::move(text);
  Reader reader{library, mistakes, file.places};
  read(tree, file.scenario, Spot{}, reader);
  if (auto* training = std::get_if<models::TrainingWorkload>(&file.scenario.workload);
      training && mistakes.empty())
    read_expert_tokens(*training, file.places, mistakes);
  if (mistakes.empty()) note_flaws(file, mistakes);
  if (mistakes.empty() && !file.cabling) read_planning(file, mistakes);
  if (mistakes.empty()) note_planning(file, mistakes);
  if (!mistakes.empty()) return std::nullopt;
  return file;
}

ScenarioFile read_scenario(const std::filesystem::path& path, const Library& library,
                           std::span<const std::string> settings) {
  Mistakes mistakes;
  auto file = read_scenario(path, library, settings, mistakes);
  require_none(mistakes);
  return std::move(*file);
}

}  // namespace superpod::scenarios
