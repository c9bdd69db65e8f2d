/// A small system whose equipment, cables and prices are all known.
#pragma once

#include "models/costs/bill.hpp"

namespace superpod::models {

template <class T>
Sourced<T> told(T value, Grade grade = Grade::published, const char* source = "maker") {
  return {value, grade, source};
}

/// Pods of 4 cabinets of 8 NPUs, with a switch in a cabinet of its own for each pod and optics between pods.
inline System pods(int count) {
  using namespace unit;
  System system;
  system.chip.value.name = "X1";
  system.chip.value.power = told(500 * W, Grade::assumed, "press");
  system.levels = {{"pod", count}, {"cabinet", 4}, {"npu", 8}};
  topology::Clos inside{"inside", {"cabinet", "npu"}, {100 * GB / s}, {}, {1.0},
                        1,        {{"cabinet", 1.0}}, false};
  topology::Clos between{"between", {"pod"}, {50 * GB / s}, {}, {1.0}, 1, {}, false};
  system.networks = {inside, between};
  Equipment compute;
  compute.name = "compute cabinet";
  compute.level = "cabinet";
  compute.power = told(2 * kW);
  compute.cabinets = told(1.0);
  compute.floor = told(5 * m2, Grade::derived, "plan");
  Equipment network = compute;
  network.name = "network cabinet";
  network.count = told(0.25, Grade::derived, "plan");
  network.power = told(1 * kW);
  network.switches_of = {"inside"};
  system.equipment = {compute, network};
  system.cables = {{"inside", 0, told(Medium::electrical), told(50 * GB / s), {2.0}},
                   {"inside", 1, told(Medium::optical), told(100 * GB / s), {2.0}},
                   {"between", 0, told(Medium::optical), told(50 * GB / s), {2.0}}};
  Switches top;
  top.name = "top switch";
  top.network = "between";
  top.capacity = told(64 * 50 * GB / s);
  top.power = told(1500 * W);
  top.cabinets = told(0.1);
  top.floor = told(1 * m2);
  system.switches = {top};
  return system;
}

inline Prices prices() {
  using unit::money;
  Prices prices;
  prices.npu = 10'000 * money;
  prices.optical_module = 500 * money;
  prices.cable = 100 * money;
  prices.units = {{"compute cabinet", 20'000 * money},
                  {"network cabinet", 30'000 * money},
                  {"top switch", 25'000 * money}};
  prices.currency = "USD";
  return prices;
}

}  // namespace superpod::models
