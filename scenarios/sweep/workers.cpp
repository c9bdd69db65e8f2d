#include "scenarios/sweep/workers.hpp"

#include <sched.h>

#include <algorithm>

#include "scenarios/sweep/bytes.hpp"
#include "scenarios/sweep/outcome_message.hpp"

namespace superpod::scenarios {

Workers::Workers(int count, Job job) : job_{std::move(job)}, pace_{count, 2} {
  for (int i = 0; i < count; ++i) workers_.push_back({started(), {}});
}

int Workers::usual_count() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  return ::sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? std::max(1, CPU_COUNT(&allowed)) : 1;
}

Process Workers::started() const {
  return Process{[this](Channel& channel) {
    while (const auto message = channel.receive())
      if (!channel.send(job_(point_in(*message)))) return;
  }};
}

std::size_t Workers::room() const {
  std::size_t given = 0;
  for (const Worker& worker : workers_) given += worker.points.size();
  const std::size_t most = workers_.size() * pace_.points_at_once();
  return most > given ? most - given : 0;
}

void Workers::give(std::int64_t point) {
  Worker& worker =
      *std::ranges::min_element(workers_, {}, [](const Worker& one) { return one.points.size(); });
  worker.points.push_back(point);
  worker.process.channel().send(message_of(point));  // one that is dead is found so by `outcomes`
}

std::vector<std::string> Workers::outcomes(std::chrono::milliseconds at_most, const Channel* also) {
  std::vector<const Channel*> channels;
  if (also != nullptr) channels.push_back(also);
  for (const Worker& worker : workers_) channels.push_back(&worker.process.channel());
  wait_for_any(channels, at_most);
  std::vector<std::string> outcomes;
  for (Worker& worker : workers_) {
    const auto death = worker.process.death();  // before its last words are read: none come later
    take(worker, outcomes);
    if (death) replace(worker, *death, outcomes);
  }
  pace_.ended(outcomes.size());
  return outcomes;
}

void Workers::take(Worker& worker, std::vector<std::string>& outcomes) {
  for (std::string& message : worker.process.channel().received()) {
    if (!worker.points.empty()) worker.points.pop_front();
    outcomes.push_back(std::move(message));
  }
}

void Workers::replace(Worker& worker, const std::string& death, std::vector<std::string>& outcomes) {
  std::deque<std::int64_t> points = std::move(worker.points);
  if (!points.empty()) {
    outcomes.push_back(
        message_of(Outcome{points.front(), Status::failed, "the process that ran it " + death, {}}));
    points.pop_front();
  }
  worker = {started(), {}};
  for (const std::int64_t point : points) {
    worker.points.push_back(point);
    worker.process.channel().send(message_of(point));
  }
}

}  // namespace superpod::scenarios
