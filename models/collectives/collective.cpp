#include "models/collectives/collective.hpp"

#include <numeric>

namespace superpod::models {

void restrict_for(topology::Grid& grid, const topology::Wiring& wiring, const std::vector<int>& digits,
                  Operation operation, const Method& method) {
  restrict_for(grid, wiring, digits, {operation, method, {}});
}

void restrict_for(topology::Grid& grid, const topology::Wiring& wiring, const std::vector<int>& digits,
                  const Undertaking& what) {
  Method chosen = what.method;
  chosen.algorithm = resolved(chosen.algorithm, what.operation);
  for (const int d : digits) {
    topology::Digit& digit = grid[static_cast<std::size_t>(d)];
    const bool alike = wiring.symmetry(digit.level) == topology::Wiring::Symmetry::all;
    topology::restrict(digit, what.operation.kind().keeps(on_level(chosen, digit.level, alike),
                                                          what.asked.by[static_cast<std::size_t>(d)]));
  }
}

void append(const Undertaking& what, topology::RankClasses& classes, const std::vector<int>& digits,
            TaskGraph& work) {
  std::vector<RankId> ranks(static_cast<std::size_t>(classes.classes()));
  std::iota(ranks.begin(), ranks.end(), 0);
  const Group group{classes, std::move(ranks), digits};
  const std::string name{what.operation.word()};
  const Writer to{work, work.label(name, name)};
  static_cast<void>(what.operation.kind().append({to, group, what.method}, what.asked, group.start()));
}

}  // namespace superpod::models
