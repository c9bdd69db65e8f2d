/// A picture of one level of a fabric: some of its units, and the links that join them, coloured by use.
#pragma once

#include <string>
#include <vector>

namespace superpod::analysis {

/// Links of one network that join the units of a level.
struct LevelLinks {
  enum class Shape {
    mesh,      ///< one for each pair
    ring,      ///< neighbours
    switched,  ///< each unit with a switch above it
  };
  std::string network;
  Shape shape = Shape::mesh;
  double busiest = 0;  ///< use of the busiest link, in [0, 1]
};

/// How hot a use is, as a CSS class: `use-0` (idle) to `use-5` (above 80 %).
std::string heat_class(double use);

/// Lines are drawn the wider the hotter they are, idle ones dashed; of many units the first ones and the
/// last. The first unit is framed: it is the one that the next picture shows from within. `alternative` is
/// read aloud instead.
std::string level_picture(int units, const std::vector<LevelLinks>& links, const std::string& alternative);

}  // namespace superpod::analysis
