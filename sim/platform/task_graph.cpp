#include "sim/platform/task_graph.hpp"

namespace superpod {

LabelId TaskGraph::label(const std::string& name, const std::string& cause) {
  const auto [at, added] = label_ids_.try_emplace({name, cause}, static_cast<LabelId>(labels_.size()));
  if (added) labels_.push_back({name, cause});
  return at->second;
}

TaskId TaskGraph::occupy(DeviceId device, Seconds duration, LabelId label, std::int32_t microbatch) {
  tasks_.push_back({duration.in(unit::s), device, label, microbatch, Kind::occupy});
  return static_cast<TaskId>(tasks_.size()) - 1;
}

TaskId TaskGraph::move(RouteId route, Bytes bytes_of_one_flow, LabelId label, std::int32_t microbatch) {
  tasks_.push_back({bytes_of_one_flow.in(unit::B), route, label, microbatch, Kind::move});
  return static_cast<TaskId>(tasks_.size()) - 1;
}

TaskId TaskGraph::join() {
  tasks_.push_back({});
  return static_cast<TaskId>(tasks_.size()) - 1;
}

void TaskGraph::depend(TaskId after, TaskId before) { dependencies_.push_back({before, after}); }

void TaskGraph::depend(TaskId after, std::span<const TaskId> before) {
  for (const TaskId task : before) depend(after, task);
}

}  // namespace superpod
