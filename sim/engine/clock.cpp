#include "sim/engine/clock.hpp"

#include <cmath>
#include <mutex>
#include <stdexcept>

#include "sim/engine/simgrid_door.hpp"
#include "sim/modules/module.hpp"

namespace superpod {
namespace {

void drive_by_simgrid(Driven& run) {
  static const auto drive = function_of<decltype(superpod_drive_by_simgrid)>(
      {SUPERPOD_SIMGRID_MODULE, "libsuperpod_simgrid.so"}, "superpod_drive_by_simgrid");
  static std::mutex engine;
  static thread_local bool drives = false;
  if (drives) throw std::logic_error{"engine: a run on SimGrid's clock began another"};
  const std::scoped_lock lock{engine};
  struct Turn {
    Turn() { drives = true; }
    ~Turn() { drives = false; }
  } const turn;
  drive(run);
}

}  // namespace

void drive(Driven& run, Clock clock) {
  if (clock == Clock::simgrid) return drive_by_simgrid(run);
  for (double wait = run.wait(); std::isfinite(wait); wait = run.wait()) run.pass(wait);
}

}  // namespace superpod
