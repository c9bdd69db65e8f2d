#include "scenarios/bench/cpu_device_door.hpp"
#include "sim/modules/module.hpp"

namespace superpod::scenarios {

std::unique_ptr<BenchDevice> cpu_device(int threads) {
  static const auto make = function_of<decltype(superpod_make_cpu_device)>(
      {SUPERPOD_CPU_DEVICE_MODULE, "libsuperpod_cpu_device.so"}, "superpod_make_cpu_device");
  std::unique_ptr<BenchDevice> made;
  make(threads, made);
  return made;
}

}  // namespace superpod::scenarios
