#include "analysis/critical_path.hpp"

#include <algorithm>
#include <cstddef>

#include "analysis/released_by.hpp"

namespace superpod::analysis {

CriticalPath critical_path(const Platform& platform, const TaskGraph& work, const Trace& trace) {
  const std::vector<TaskId> released = released_by(platform, work, trace);
  Causes causes{work};
  const std::size_t wait = causes.add("wait");
  std::vector<Seconds> times(causes.names().size());
  CriticalPath path;

  TaskId id = no_task;
  if (!trace.tasks.empty())
    id = static_cast<TaskId>(std::ranges::max_element(trace.tasks, {}, &Span::finish) - trace.tasks.begin());
  constexpr double rounding = 2e-12;  // of dates that released_by takes for one
  Seconds rest_ends = trace.makespan;
  for (; id != no_task; id = released[static_cast<std::size_t>(id)]) {
    const Span& span = trace.tasks[static_cast<std::size_t>(id)];
    const bool at_once = rest_ends - span.finish <= rounding * (rest_ends + 1 * unit::s);
    const Seconds end = at_once ? rest_ends : span.finish, begin = std::min(span.start, end);
    times[wait] += rest_ends - end;
    if (end > begin) {
      times[causes.of(work.tasks()[static_cast<std::size_t>(id)])] += end - begin;
      path.tasks.push_back(id);
    }
    rest_ends = begin;
  }
  times[wait] += rest_ends;

  std::ranges::reverse(path.tasks);
  for (std::size_t c = 0; c < times.size(); ++c)
    if (times[c] > Seconds{}) path.by_cause.push_back({causes.names()[c], times[c]});
  return path;
}

}  // namespace superpod::analysis
