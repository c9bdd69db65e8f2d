#include "models/collectives/cabled_collective.hpp"
#include "models/faults/damaged_cabling.hpp"
#include "scenarios/asked/flaws.hpp"
#include "scenarios/asked/kinds.hpp"
#include "scenarios/asked/planning_keys.hpp"
#include "scenarios/asked/scenario.hpp"
#include "scenarios/text/yaml_merge.hpp"
#include "topology/files/graph_file.hpp"

namespace superpod::scenarios {
namespace {

/// Reads the graph of the system, and notes what else it leaves no room for.
void read_graph(ScenarioFile& file, Mistakes& mistakes) {
  models::System& system = file.scenario.system.value;
  for (const char* key : {"system.levels", "system.networks"})
    if (file.places.contains(key))
      mistakes.add(file.places.at(key), "a system with a graph has no levels and networks of its own",
                   "leave them out, or the graph");
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
}

/// What of the system does not fit together.
void note_system(ScenarioFile& file, Mistakes& mistakes) {
  const models::System& system = file.scenario.system.value;
  if (system.graph)
    read_graph(file, mistakes);
  else
    note(topology::flaws(system.fabric()), "system", file.places, mistakes);
}

void note_faults(const ScenarioFile& file, Mistakes& mistakes) {
  const models::Faults& faults = file.scenario.faults;
  const std::int64_t seed = file.scenario.seed;
  note(file.cabling ? models::flaws(faults, *file.cabling, seed)
                    : models::flaws(faults, file.scenario.system.value, seed),
       "faults", file.places, mistakes);
}

/// What does not fit together although each value is right by itself; what rests on other values, when these
/// fit.
void note_flaws(ScenarioFile& file, Mistakes& mistakes) {
  note_system(file, mistakes);
  if (mistakes.empty()) note_flaws(file.scenario.workload, file, mistakes);
  if (mistakes.empty()) note_faults(file, mistakes);
  if (!mistakes.empty()) return;
  read_planning(file, mistakes);
  note_misfits(file.scenario.workload, file, mistakes);
}

}  // namespace

std::optional<ScenarioFile> read_scenario(const std::filesystem::path& path, const Library& library,
                                          std::span<const std::string> settings, Mistakes& mistakes) {
  auto tree = read_yaml(path, mistakes);
  return tree ? read_scenario(std::move(*tree), library, settings, mistakes) : std::nullopt;
}

std::optional<ScenarioFile> read_scenario(const std::shared_ptr<const Source>& source, const Library& library,
                                          std::span<const std::string> settings, Mistakes& mistakes) {
  auto tree = parse_yaml(source, mistakes);
  return tree ? read_scenario(std::move(*tree), library, settings, mistakes) : std::nullopt;
}

std::optional<ScenarioFile> read_scenario(Node tree, const Library& library,
                                          std::span<const std::string> settings, Mistakes& mistakes) {
  std::string text = tree.place.source->text;
  return read_scenario(with_settings(std::move(tree), settings, mistakes), std::move(text), library,
                       mistakes);
}

std::optional<ScenarioFile> read_scenario(const Node& tree, std::string text, const Library& library,
                                          Mistakes& mistakes) {
  ScenarioFile file;
  file.text = std::move(text);
  Reader reader{library, mistakes, file.places};
  read(tree, file.scenario, Spot{}, reader);
  if (mistakes.empty()) read_tables(file.scenario.workload, file.places, mistakes);
  if (mistakes.empty()) note_flaws(file, mistakes);
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
