/// What the module around SimGrid offers. It is loaded when a run is first driven by SimGrid's clock.
#pragma once

#include "sim/engine/driven.hpp"

extern "C" void superpod_drive_by_simgrid(superpod::Driven& run);
