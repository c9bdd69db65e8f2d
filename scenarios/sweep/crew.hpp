#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace superpod::scenarios {

/// The bytes of a point's outcome; in a process of the crew's.
using Job = std::function<std::string(std::int64_t point)>;

/// Who runs the points: processes of this machine, or of many.
class Crew {
 public:
  virtual ~Crew() = default;
  /// How many points more it can take now.
  [[nodiscard]] virtual std::size_t room() const = 0;
  virtual void give(std::int64_t point) = 0;
  /// What has come back, waiting for something no longer than that. Throws std::runtime_error when the crew
  /// is lost.
  virtual std::vector<std::string> outcomes(std::chrono::milliseconds at_most) = 0;
};

}  // namespace superpod::scenarios
