/// Work: tasks that occupy a device, move bytes along a route, or only wait for others.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sim/platform/platform.hpp"
#include "sim/values/units.hpp"

namespace superpod {

using TaskId = std::int32_t;
using LabelId = std::int32_t;

/// What a task is, in words: shared by all tasks that are alike.
struct Label {
  std::string name;   ///< e.g. `attention forward`
  std::string cause;  ///< what its time is charged to, e.g. `compute`, `expert all-to-all`
};

/// Tasks and what each must wait for. Cheap to build: 24 bytes a task, 8 a dependency.
class TaskGraph {
 public:
  enum class Kind : std::int8_t { occupy, move, join };

  struct Task {
    double amount = 0;         ///< occupy: seconds; move: bytes of one flow
    std::int32_t target = -1;  ///< occupy: a device; move: a route
    LabelId label = -1;
    std::int32_t microbatch = -1;
    Kind kind = Kind::join;
  };
  struct Dependency {
    TaskId before, after;
  };

  LabelId label(const std::string& name, const std::string& cause);  ///< the same words give the same label

  TaskId occupy(DeviceId device, Seconds duration, LabelId label, std::int32_t microbatch = -1);
  TaskId move(RouteId route, Bytes bytes_of_one_flow, LabelId label, std::int32_t microbatch = -1);
  TaskId join();  ///< takes no time; ends when all that it waits for have ended

  /// Makes a task take `factor` times the seconds, or move as many times the bytes.
  void scale(TaskId task, double factor) { tasks_[static_cast<std::size_t>(task)].amount *= factor; }

  void depend(TaskId after, TaskId before);
  void depend(TaskId after, std::span<const TaskId> before);

  [[nodiscard]] const std::vector<Task>& tasks() const { return tasks_; }
  [[nodiscard]] const std::vector<Dependency>& dependencies() const { return dependencies_; }
  [[nodiscard]] const std::vector<Label>& labels() const { return labels_; }

 private:
  std::vector<Task> tasks_;
  std::vector<Dependency> dependencies_;
  std::vector<Label> labels_;
  std::map<std::pair<std::string, std::string>, LabelId> label_ids_;
};

}  // namespace superpod
