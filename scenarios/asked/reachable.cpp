#include "scenarios/asked/reachable.hpp"

#include "scenarios/asked/kinds.hpp"

namespace superpod::scenarios {

void note_cut_off(const topology::Unreachable& cut_off, const ScenarioFile& file, Mistakes& mistakes) {
  mistakes.add(file.places.at(file.cabling ? "system.graph.file" : "faults"), cut_off.what(),
               "what is cut off can do no work: leave it out of the system, or leave it a way");
}

void check_ways(const ScenarioFile& file, Mistakes& mistakes) {
  try {
    check_ways(file.scenario.workload, file);
  } catch (const topology::Unreachable& cut_off) {
    note_cut_off(cut_off, file, mistakes);
  }
}

}  // namespace superpod::scenarios
