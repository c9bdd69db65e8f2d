/// Fabrics of every kind, small enough to simulate every rank and link.
#pragma once

#include <string>
#include <vector>

#include "topology/fabric/fabric.hpp"

namespace superpod::models {

struct NamedFabric {
  std::string name;
  topology::Fabric fabric;
};

inline std::vector<NamedFabric> small_fabrics() {
  using namespace superpod::unit;
  using namespace superpod::topology;
  const Sourced<Seconds> hop{0.3 * us};
  const Sourced<Seconds> endpoint{0.7 * us};
  const FullMesh board{"board mesh", {"slot"}, {56 * GB / s}, hop, {1.0}};
  const auto fabric = [&](std::vector<Level> levels, std::vector<Network> networks) {
    return Fabric{std::move(levels), std::move(networks), endpoint};
  };
  Clos nvlink{"nvlink", {"gpu"}, {450 * GB / s}, hop, {1.0}, 4, {}, false};
  Clos rails{"rails", {"unit", "node"}, {50 * GB / s}, hop, {1.0}, 1, {{"unit", 2.0}}, true};
  Clos scale_out{"scale-out", {"rack"}, {100 * GB / s}, hop, {1.0}, 2, {}, false};
  return {
      {"full mesh 64", fabric({{"slot", 64}}, {FullMesh{"mesh", {"slot"}, {10 * GB / s}, hop, {1.0}}})},
      {"2D full mesh 8x8",
       fabric({{"board", 8}, {"slot", 8}}, {FullMesh{"mesh", {"board", "slot"}, {56 * GB / s}, hop, {1.0}}})},
      {"single switch 64",
       fabric({{"npu", 64}}, {Clos{"switch", {"npu"}, {400 * GB / s}, hop, {1.0}, 1, {}, false}})},
      {"ring 64", fabric({{"npu", 64}}, {Torus{"ring", {"npu"}, {50 * GB / s}, hop, {1.0}}})},
      {"torus 4x4x4",
       fabric({{"z", 4}, {"y", 4}, {"x", 4}}, {Torus{"torus", {"z", "y", "x"}, {50 * GB / s}, hop, {1.0}}})},
      {"oversubscribed Clos 8x8",
       fabric({{"leaf", 8}, {"npu", 8}},
              {Clos{"clos", {"leaf", "npu"}, {50 * GB / s}, hop, {0.9}, 2, {{"leaf", 3.0}}, false}})},
      {"three-tier Clos 4x4x4",
       fabric({{"pod", 4}, {"leaf", 4}, {"npu", 4}}, {Clos{"clos",
                                                           {"pod", "leaf", "npu"},
                                                           {50 * GB / s},
                                                           hop,
                                                           {1.0},
                                                           1,
                                                           {{"leaf", 1.5}, {"pod", 2.0}},
                                                           false}})},
      {"board mesh in pod Clos 8x8",
       fabric({{"board", 8}, {"slot", 8}},
              {board, Clos{"pod clos", {"board"}, {336 * GB / s}, hop, {1.0}, 6, {}, false}})},
      {"rail-optimised 2x4x8", fabric({{"unit", 2}, {"node", 4}, {"gpu", 8}}, {nvlink, rails})},
      {"racks of switches 4x16", fabric({{"rack", 4}, {"gpu", 16}}, {nvlink, scale_out})},
      {"switched mesh 4x4x4",
       fabric({{"row", 4}, {"column", 4}, {"slot", 4}},
              {board, SwitchedMesh{"racks", {"row", "column"}, {28 * GB / s}, {40 * GB / s}, hop, {1.0}}})},
      {"dragonfly 9x4x2",
       fabric({{"group", 9}, {"router", 4}, {"npu", 2}}, {Dragonfly{"dragonfly",
                                                                    {"group", "router", "npu"},
                                                                    {25 * GB / s},
                                                                    {20 * GB / s},
                                                                    {15 * GB / s},
                                                                    hop,
                                                                    {1.0}}})},
      {"ring of meshes 8x8",
       fabric({{"board", 8}, {"slot", 8}}, {board, Torus{"ring", {"board"}, {100 * GB / s}, hop, {1.0}}})},
  };
}

/// 512 ranks: for collectives whose every flow can still be simulated.
inline std::vector<NamedFabric> larger_fabrics() {
  using namespace superpod::unit;
  using namespace superpod::topology;
  const Sourced<Seconds> hop{0.3 * us};
  const Sourced<Seconds> endpoint{0.7 * us};
  const FullMesh board{"board mesh", {"slot"}, {56 * GB / s}, hop, {1.0}};
  const Clos pod{"pod clos", {"cabinet", "board"}, {336 * GB / s}, hop, {0.9}, 6, {{"cabinet", 2.0}}, false};
  const Torus torus{"torus", {"z", "y", "x"}, {50 * GB / s}, hop, {1.0}};
  const Clos nvlink{"nvlink", {"gpu"}, {450 * GB / s}, hop, {1.0}, 4, {}, false};
  const Clos rails{"rails", {"unit", "node"}, {50 * GB / s}, hop, {1.0}, 1, {{"unit", 2.0}}, true};
  return {
      {"board mesh in pod Clos 8x8x8",
       Fabric{{{"cabinet", 8}, {"board", 8}, {"slot", 8}}, {board, pod}, endpoint}},
      {"torus 8x8x8", Fabric{{{"z", 8}, {"y", 8}, {"x", 8}}, {torus}, endpoint}},
      {"rail-optimised 4x16x8", Fabric{{{"unit", 4}, {"node", 16}, {"gpu", 8}}, {nvlink, rails}, endpoint}}};
}

}  // namespace superpod::models
