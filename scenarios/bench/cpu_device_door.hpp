/// What the module with the kernels of the CPU offers. It is loaded when something is first measured: Highway
/// watches the clock for milliseconds when it is loaded.
#pragma once

#include <memory>

#include "scenarios/bench/device.hpp"

extern "C" void superpod_make_cpu_device(int threads,
                                         std::unique_ptr<superpod::scenarios::BenchDevice>& made);
