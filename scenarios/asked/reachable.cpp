#include "scenarios/asked/reachable.hpp"

#include "scenarios/asked/ground.hpp"
#include "scenarios/asked/kinds.hpp"

namespace superpod::scenarios {

void note_cut_off(const topology::Unreachable& cut_off, const ScenarioFile& file, Mistakes& mistakes) {
  const char* const help = "what is cut off can do no work: leave it out of the system, or leave it a way";
  const auto cut = file.cabling ? models::first_cut(damage_of(file), *file.cabling) : std::nullopt;
  if (cut)
    mistakes.add(file.places.at("faults." + cut->key), cut->message, help);
  else
    mistakes.add(file.places.at(file.cabling ? "system.graph.file" : "faults"), cut_off.what(), help);
}

void check_ways(const ScenarioFile& file, Mistakes& mistakes) {
  try {
    check_ways(file.scenario.workload, file);
  } catch (const topology::Unreachable& cut_off) {
    note_cut_off(cut_off, file, mistakes);
  }
}

}  // namespace superpod::scenarios
