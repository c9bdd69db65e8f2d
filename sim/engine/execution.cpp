#include "sim/engine/execution.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "sim/values/index.hpp"

namespace superpod {

Execution::Execution(const Platform& platform, const TaskGraph& work, std::vector<Span>& spans)
    : tasks_{work.tasks(), spans}, machine_{platform, tasks_} {
  build_followers(work.dependencies());
}

void Execution::build_followers(const std::vector<TaskGraph::Dependency>& dependencies) {
  if (dependencies.size() > std::numeric_limits<std::uint32_t>::max())
    throw std::runtime_error{"more than 4,294,967,295 dependencies between tasks"};
  waits_for_.resize(tasks_.tasks.size());
  first_.resize(tasks_.tasks.size() + 1);
  followers_.resize(dependencies.size());
  for (const auto& d : dependencies) {
    ++first_[index(d.before)];
    ++waits_for_[index(d.after)];
  }
  std::uint32_t end = 0;
  for (std::uint32_t& followers : first_) followers = end += followers;
  for (auto d = dependencies.rbegin(); d != dependencies.rend(); ++d)
    followers_[--first_[index(d->before)]] = d->after;
}

double Execution::wait() { return begun_ ? std::max(machine_.next() - machine_.now(), 0.0) : 0; }

void Execution::pass(double seconds) {
  machine_.go_to(machine_.now() + seconds);
  if (!begun_) begin();
  machine_.take_due();
  for (TaskId task = machine_.end_next(); task >= 0; task = machine_.end_next()) {
    ++ended_;
    for (std::uint32_t f = first_[index(task)]; f < first_[index(task) + 1]; ++f)
      if (--waits_for_[index(followers_[f])] == 0) machine_.release(followers_[f]);
  }
  machine_.choose();
}

void Execution::begin() {
  begun_ = true;
  for (std::size_t t = 0; t < waits_for_.size(); ++t)
    if (waits_for_[t] == 0) machine_.release(static_cast<TaskId>(t));
}

}  // namespace superpod
