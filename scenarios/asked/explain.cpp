#include "scenarios/asked/explain.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>

#include "models/hardware/chip.hpp"
#include "models/hardware/system.hpp"
#include "models/kernels/timing.hpp"
#include "models/transformer/llm.hpp"
#include "scenarios/asked/fault_list.hpp"
#include "scenarios/asked/kinds.hpp"
#include "scenarios/text/entry.hpp"

namespace superpod::scenarios {
namespace {

std::string table(const std::vector<Parameter>& parameters, const Library& library) {
  Mistakes mistakes;
  const auto sources = library.sources(mistakes);
  require_none(mistakes);
  return parameter_table(parameters, sources);
}

template <class T>
std::vector<Parameter> entry_parameters(const std::string& name, const Library& library, Mistakes& mistakes) {
  Places places;
  const T value = entry_named<T>(name, library, mistakes, places);
  return parameters(value, places);
}

std::vector<Parameter> entry_parameters(std::string_view shelf, const std::string& name,
                                        const Library& library, Mistakes& mistakes) {
  if (shelf == shelf_of(models::Chip::kind)) return entry_parameters<models::Chip>(name, library, mistakes);
  if (shelf == shelf_of(models::System::kind))
    return entry_parameters<models::System>(name, library, mistakes);
  if (shelf == shelf_of(models::KernelTimings::kind))
    return entry_parameters<models::KernelTimings>(name, library, mistakes);
  if (shelf == shelf_of(models::ServingEngine::kind))
    return entry_parameters<models::ServingEngine>(name, library, mistakes);
  return entry_parameters<models::Llm>(name, library, mistakes);
}

}  // namespace

std::vector<Parameter> parameters(const ScenarioFile& file) {
  std::vector<Parameter> all = parameters(file.scenario, file.places);
  std::erase_if(all, [](const Parameter& p) { return p.path.find(".facts.") != std::string::npos; });
  return all;
}

std::string explain(const ScenarioFile& file, const Library& library) {
  std::string out = table(parameters(file), library);
  if (!file.scenario.faults.none()) {
    const std::string faults = text(fault_list(file));
    if (!faults.empty()) out += "\nfaults, with those drawn at random\n" + faults;
  }
  return out + explained(file.scenario.workload, file);
}

std::string show(std::string_view name, const Library& library) {
  Mistakes mistakes;
  std::vector<std::string> known;
  for (const std::string_view shelf : shelves) {
    const std::vector<std::string> names = library.names(shelf);
    known.insert(known.end(), names.begin(), names.end());
    if (std::find(names.begin(), names.end(), name) == names.end()) continue;
    const auto found = entry_parameters(shelf, std::string{name}, library, mistakes);
    require_none(mistakes);
    return table(found, library);
  }
  mistakes.add({}, "the library has no entry " + in_quotes(name), suggestion(name, known, "entries"));
  throw ScenarioError{mistakes};
}

models::System system_named(const std::string& name, const Library& library) {
  return entry_named<models::System>(name, library);
}

std::string list(std::string_view shelf, const Library& library) {
  std::string out;
  for (const std::string_view each : shelves) {
    if (!shelf.empty() && each != shelf) continue;
    std::size_t widest = 0;
    const std::vector<std::string> names = library.names(each);
    for (const std::string& name : names) widest = std::max(widest, name.size());
    out += std::string{out.empty() ? "" : "\n"} + std::string{each} + "\n";
    for (const std::string& name : names) {
      Mistakes mistakes;
      const auto tree = library.entry(each, name, {}, mistakes);
      const Node* title = tree ? tree->find("name") : nullptr;
      const std::string said = title ? title->text : "(cannot be read: superpod show " + name + ")";
      out += "  " + name + std::string(widest - name.size() + 2, ' ') + said + "\n";
    }
  }
  return out;
}

std::string list_of_scenarios() {
  const std::filesystem::path folder = std::filesystem::path{SUPERPOD_LIBRARY_FOLDER}.parent_path();
  std::vector<std::filesystem::path> files;
  for (const auto& from : {folder, folder / "peers"})
    for (const auto& file : std::filesystem::directory_iterator{from})
      if (file.path().extension() == ".yaml") files.push_back(file.path());
  std::ranges::sort(files);
  std::size_t widest = 0;
  for (const auto& file : files) widest = std::max(widest, file.lexically_relative(folder).string().size());
  std::string out = "scenarios (in " + folder.string() + ")\n";
  for (const auto& file : files) {
    Mistakes mistakes;
    const auto tree = read_yaml(file, mistakes);
    const Node* said = tree ? tree->find("description") : nullptr;
    const std::string name = file.lexically_relative(folder).string();
    out += "  " + name + std::string(widest - name.size() + 2, ' ') + (said ? said->text : "") + "\n";
  }
  return out;
}

}  // namespace superpod::scenarios
