/// What a scenario file says: which system, and what runs on it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "models/collectives/workload.hpp"
#include "models/costs/energy.hpp"
#include "models/costs/prices.hpp"
#include "models/faults/damaged_system.hpp"
#include "models/hardware/supply.hpp"
#include "models/hardware/system.hpp"
#include "models/lifetime/reliability.hpp"
#include "models/serving/serving.hpp"
#include "models/training/training.hpp"
#include "models/uncertainty/uncertainty.hpp"
#include "scenarios/text/library.hpp"
#include "scenarios/text/mistakes.hpp"
#include "scenarios/text/yaml_read.hpp"
#include "sim/values/describe.hpp"
#include "topology/cabling/cabling.hpp"

namespace superpod::scenarios {

/// The list of workloads, written once.
using Workload = std::variant<models::CollectiveWorkload, models::TrainingWorkload, models::ServingWorkload>;

struct Scenario {
  std::string name, description;
  models::Entry<models::System> system;
  Workload workload;
  models::Faults faults;
  std::optional<models::Reliability> reliability;
  std::optional<models::Uncertainty> uncertainty;
  models::Site site;
  std::optional<models::Prices> prices;
  std::optional<models::Supply> supply;
  std::int64_t seed = 0;

  static constexpr std::string_view kind = "scenario";
  static constexpr auto fields() {
    return std::tuple{
        required("name", &Scenario::name, "how reports call this scenario"),
        optional("description", &Scenario::description, "what it is for, in words"),
        required("system", &Scenario::system, "catalogue name, or a mapping that refines one"),
        required("workload", &Scenario::workload, "what runs on the system"),
        optional("faults", &Scenario::faults, "what in the system is dead, slow or different"),
        optional("reliability", &Scenario::reliability,
                 "of a training: how often its parts fail, and what is done about it"),
        optional("uncertainty", &Scenario::uncertainty,
                 "of a training: intervals for its answers from the grades of its inputs"),
        optional("site", &Scenario::site, "of a training: where its system stands"),
        optional("prices", &Scenario::prices, "of a training: what things cost; nothing is assumed"),
        optional("supply", &Scenario::supply,
                 "of a training: how many of the chips that are made its system gets"),
        optional("seed", &Scenario::seed, "of all random numbers", any_seed)};
  }
};

/// A scenario, and where each of its values was written.
struct ScenarioFile {
  Scenario scenario;
  Places places;
  std::string text;  ///< as written
  /// Of a system with a graph: its NPUs are the system's one level.
  std::optional<topology::Cabling> cabling = {};
};

/// Notes every mistake of the file and of the library entries that it names; none is the answer when there
/// was one. `settings` are `path=value`. Throws std::runtime_error with the path when a file cannot be read.
std::optional<ScenarioFile> read_scenario(const std::filesystem::path& path, const Library& library,
                                          std::span<const std::string> settings, Mistakes& mistakes);

/// The same of a text that is no file.
std::optional<ScenarioFile> read_scenario(const std::shared_ptr<const Source>& source, const Library& library,
                                          std::span<const std::string> settings, Mistakes& mistakes);

/// The same of the tree of a file.
std::optional<ScenarioFile> read_scenario(Node tree, const Library& library,
                                          std::span<const std::string> settings, Mistakes& mistakes);

/// The same of a tree without settings; `text` is what it was read from.
std::optional<ScenarioFile> read_scenario(const Node& tree, std::string text, const Library& library,
                                          Mistakes& mistakes);

/// Throws ScenarioError with all mistakes.
ScenarioFile read_scenario(const std::filesystem::path& path, const Library& library,
                           std::span<const std::string> settings = {});

}  // namespace superpod::scenarios
