/// Many runs of one scenario: which values vary, and the points that they make.
///
///     name: mappings
///     scenario: ../deepseek_v3_pretraining_on_atlas_950.yaml   # or the scenario itself, as a mapping
///     axes:                                                    # every value with every other
///       workload.parallel.pipeline: [8, 16]
///       system.networks.pod clos.bandwidth: {from: 50 GB/s, to: 400 GB/s, steps: 4, scale: log}
///       seed: [1, 2, 3]
///     zipped: {system: [a, b], workload.batch: [15360, 30720]} # row by row
///     points:                                                  # each a mapping of its own
///       - {workload.microbatch: 2, workload.schedule: 1f1b}
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/text/yaml.hpp"
#include "scenarios/text/yaml_read.hpp"
#include "sim/values/describe.hpp"

namespace superpod::scenarios {

/// The value that one path of the scenario takes.
struct Setting {
  std::string path;
  Place place;  ///< of the path
  Node value;
};

/// What varies by itself: an axis, the rows of `zipped`, or those of `points`.
struct Dial {
  std::string name;  ///< path of the axis; `zipped`, `points`
  std::vector<std::vector<Setting>> rows;
};

/// The scenario that every point changes.
struct BaseScenario {
  std::optional<Node> tree;
  std::string text;  ///< of its file; empty where it stands in the sweep
};

/// Paths with their values, in the order written.
struct Axes {
  struct Axis {
    std::string path;
    Place place;
    std::vector<Node> values;
  };
  std::vector<Axis> all;
};

/// Paths whose values change row by row: equally many.
struct Zipped : Axes {};

struct Points {
  std::vector<std::vector<Setting>> rows;
};

struct Sweep {
  std::string name, description;
  BaseScenario scenario;
  Axes axes;
  Zipped zipped;
  Points points;

  static constexpr std::string_view kind = "sweep";
  static constexpr auto fields() {
    return std::tuple{
        required("name", &Sweep::name, "how results call this sweep"),
        optional("description", &Sweep::description, "what it is for, in words"),
        required("scenario", &Sweep::scenario,
                 "file of the scenario, from the folder of the sweep, or the scenario itself"),
        optional("axes", &Sweep::axes,
                 "paths of the scenario, each with a list of values or a range: all combinations"),
        optional("zipped", &Sweep::zipped, "paths of the scenario, each with as many values: row by row"),
        optional("points", &Sweep::points, "a list of mappings, each from paths of the scenario to values")};
  }
};

inline constexpr std::int64_t most_points = 10'000'000;

/// A sweep as read, and what varies in it: the last dial turns fastest.
struct SweepFile {
  Sweep sweep;
  std::string text;  ///< as written
  std::vector<Dial> dials;

  [[nodiscard]] std::int64_t points() const;
  /// Where each dial stands at a point.
  [[nodiscard]] std::vector<std::size_t> rows_of(std::int64_t point) const;
  [[nodiscard]] std::vector<const Setting*> settings_of(std::int64_t point) const;
  /// The scenario with the settings of a point.
  [[nodiscard]] Node scenario_of(std::int64_t point, Mistakes& mistakes) const;
};

}  // namespace superpod::scenarios
