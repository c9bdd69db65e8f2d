#include "analysis/chrome_trace.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <ostream>
#include <queue>
#include <string>
#include <utility>
#include <vector>

#include "analysis/json.hpp"
#include "analysis/released_by.hpp"
#include "analysis/whole_file.hpp"

namespace superpod::analysis {
namespace {

using Nanoseconds = std::int64_t;

Nanoseconds rounded(Seconds time) { return std::llround(time.in(unit::ns)); }

/// In microseconds, as the format asks.
std::string micro(Nanoseconds time) {
  const std::string fraction = std::to_string(1000 + time % 1000).substr(1);
  return std::to_string(time / 1000) + "." + fraction;
}

std::string shortest(double value) {
  char digits[32];
  return {digits, std::to_chars(digits, digits + sizeof digits, value).ptr};
}

/// Threads for what may overlap in time: as few as hold it without overlap.
class Lanes {
 public:
  struct Lane {
    int number;  ///< from 0
    bool is_new;
  };

  Lane take(Nanoseconds start, Nanoseconds finish) {
    const bool is_new = free_.empty() || free_.top().first > start;
    const int number = is_new ? static_cast<int>(free_.size()) : free_.top().second;
    if (!is_new) free_.pop();
    free_.emplace(finish, number);
    return {number, is_new};
  }

 private:
  using Free = std::pair<Nanoseconds, int>;  // from when on, which
  std::priority_queue<Free, std::vector<Free>, std::greater<>> free_;
};

class Writer {
 public:
  Writer(const Platform& platform, const TaskGraph& work, const Trace& trace, std::size_t most_slices,
         std::ostream& out)
      : platform_{platform}, work_{work}, trace_{trace}, out_{out}, causes_{work} {
    for (const Label& label : work.labels()) names_.push_back(json_string(label.name));
    for (const std::string& cause : causes_.names()) categories_.push_back(json_string(cause));
    choose_ranks(most_slices);
  }

  void write() {
    out_ << R"({"displayTimeUnit":"ns","traceEvents":[)";
    write_processes();
    for (std::size_t i = 0; i < work_.tasks().size(); ++i)
      if (work_.tasks()[i].kind == TaskGraph::Kind::occupy) write_device_task(i);
    for (const std::size_t i : moves_by_start()) write_move(i);
    out_ << "\n]";
    if (shown_ < static_cast<int>(platform_.ranks.size()))
      out_ << R"(,"otherData":{"shown":")" << shown_ << " of " << platform_.ranks.size()
           << R"( classes of ranks"})";
    out_ << "}\n";
  }

 private:
  struct Place {
    int process, thread;
  };

  /// As many ranks as a viewer can show, the first ones first, and one at least.
  void choose_ranks(std::size_t most_slices) {
    std::vector<std::size_t> tasks(platform_.ranks.size());
    for (const TaskGraph::Task& task : work_.tasks()) {
      const auto target = static_cast<std::size_t>(task.target);
      if (task.kind == TaskGraph::Kind::occupy)
        ++tasks[static_cast<std::size_t>(platform_.devices[target].rank)];
      if (task.kind != TaskGraph::Kind::move) continue;
      ++tasks[static_cast<std::size_t>(platform_.routes[target].from)];
      ++tasks[static_cast<std::size_t>(platform_.routes[target].to)];
    }
    std::size_t all = 0;
    while (shown_ < static_cast<int>(tasks.size()) && (shown_ == 0 || all < most_slices))
      all += tasks[static_cast<std::size_t>(shown_++)];
  }
  [[nodiscard]] bool is_shown(RankId rank) const { return rank < shown_; }

  // Threads are numbered after all processes: some viewers take thread n of process n for its main thread.
  [[nodiscard]] static int process_of(RankId rank) { return rank + 1; }
  [[nodiscard]] int thread_of(DeviceId device) const {
    return static_cast<int>(platform_.ranks.size()) + 1 + device;
  }
  [[nodiscard]] int new_thread() {
    return thread_of(static_cast<DeviceId>(platform_.devices.size())) + lane_threads_++;
  }

  void begin_event(const char* phase, Place place) {
    out_ << (std::exchange(is_first_, false) ? "\n" : ",\n") << R"({"ph":")" << phase << R"(","pid":)"
         << place.process << R"(,"tid":)" << place.thread;
  }

  void write_metadata(const char* name, Place place, const char* key, const std::string& value) {
    begin_event("M", place);
    out_ << R"(,"name":")" << name << R"(","args":{")" << key << "\":" << value << "}}";
  }

  void name_thread(Place place, const std::string& name, std::size_t order) {
    write_metadata("thread_name", place, "name", json_string(name));
    write_metadata("thread_sort_index", place, "sort_index", std::to_string(order));
  }

  void write_processes() {
    for (std::size_t r = 0; r < static_cast<std::size_t>(shown_); ++r) {
      const auto& [name, count] = platform_.ranks[r];
      const Place place{process_of(static_cast<RankId>(r)), 0};
      const std::string counted = count == 1 ? name : name + " (" + shortest(count) + " ranks)";
      write_metadata("process_name", place, "name", json_string(counted));
      write_metadata("process_sort_index", place, "sort_index", std::to_string(r));
    }
    for (std::size_t d = 0; d < platform_.devices.size(); ++d) {
      const auto& [rank, name] = platform_.devices[d];
      if (!is_shown(rank)) continue;
      name_thread({process_of(rank), thread_of(static_cast<DeviceId>(d))}, name, d);
    }
  }

  void begin_slice(std::size_t i, Place place) {
    const TaskGraph::Task& task = work_.tasks()[i];
    const Nanoseconds start = rounded(trace_.tasks[i].start), finish = rounded(trace_.tasks[i].finish);
    begin_event("X", place);
    write_words(task);
    out_ << R"(,"ts":)" << micro(start) << R"(,"dur":)" << micro(finish - start)
         << R"(,"args":{"microbatch":)" << task.microbatch;
  }

  void write_words(const TaskGraph::Task& task) {
    const std::string& category = categories_[causes_.of(task)];
    out_ << R"(,"name":)" << (task.label < 0 ? category : names_[static_cast<std::size_t>(task.label)])
         << R"(,"cat":)" << category;
  }

  void write_device_task(std::size_t i) {
    const DeviceId device = work_.tasks()[i].target;
    const RankId rank = platform_.devices.at(static_cast<std::size_t>(device)).rank;
    if (!is_shown(rank)) return;
    begin_slice(i, {process_of(rank), thread_of(device)});
    out_ << "}}";
  }

  [[nodiscard]] std::vector<std::size_t> moves_by_start() const {
    std::vector<std::size_t> moves;
    for (std::size_t i = 0; i < work_.tasks().size(); ++i)
      if (work_.tasks()[i].kind == TaskGraph::Kind::move) moves.push_back(i);
    std::ranges::stable_sort(moves, {}, [&](std::size_t i) { return rounded(trace_.tasks[i].start); });
    return moves;
  }

  /// A thread of `rank` that is free while move `i` lasts.
  Place lane(RankId rank, std::size_t i) {
    const std::size_t cause = causes_.of(work_.tasks()[i]);
    auto& [lanes, threads] = lanes_[{rank, cause}];
    const auto [number, is_new] = lanes.take(rounded(trace_.tasks[i].start), rounded(trace_.tasks[i].finish));
    if (is_new) {
      threads.push_back(new_thread());
      const std::string& name = causes_.names()[cause];
      name_thread({process_of(rank), threads.back()},
                  number == 0 ? name : name + " " + std::to_string(number + 1),
                  (cause + 1) * 100'000 + static_cast<std::size_t>(number));
    }
    return {process_of(rank), threads[static_cast<std::size_t>(number)]};
  }

  void write_move_slice(std::size_t i, const Platform::Route& route, Place place) {
    begin_slice(i, place);
    out_ << R"(,"bytes":)" << shortest(work_.tasks()[i].amount) << R"(,"flows":)" << shortest(route.flows)
         << R"(,"from":)" << json_string(platform_.ranks[static_cast<std::size_t>(route.from)].name)
         << R"(,"to":)" << json_string(platform_.ranks[static_cast<std::size_t>(route.to)].name) << "}}";
  }

  void write_arrow_end(const char* phase, std::size_t i, Place place) {
    begin_event(phase, place);
    write_words(work_.tasks()[i]);
    out_ << R"(,"id":)" << i << R"(,"bp":"e","ts":)" << micro(rounded(trace_.tasks[i].start)) << "}";
  }

  /// At the one end that is shown, if there is one.
  void write_half_of_move(std::size_t i, const Platform::Route& route) {
    for (const RankId end : {route.from, route.to})
      if (is_shown(end)) write_move_slice(i, route, lane(end, i));
  }

  void write_move(std::size_t i) {
    const Platform::Route& route = platform_.routes.at(static_cast<std::size_t>(work_.tasks()[i].target));
    if (!is_shown(route.from) || !is_shown(route.to)) return write_half_of_move(i, route);
    const Place sender = lane(route.from, i);
    write_move_slice(i, route, sender);
    if (route.to == route.from) return;
    const Place receiver = lane(route.to, i);
    write_move_slice(i, route, receiver);
    write_arrow_end("s", i, sender);
    write_arrow_end("f", i, receiver);
  }

  const Platform& platform_;
  const TaskGraph& work_;
  const Trace& trace_;
  std::ostream& out_;
  Causes causes_;
  std::vector<std::string> names_, categories_;  // [label], [cause]: as JSON
  std::map<std::pair<RankId, std::size_t>, std::pair<Lanes, std::vector<int>>>
      lanes_;  // of a rank and cause; threads
  int lane_threads_ = 0;
  int shown_ = 0;  // ranks: those before this one
  bool is_first_ = true;
};

}  // namespace

void write_chrome_trace(const Platform& platform, const TaskGraph& work, const Trace& trace,
                        const std::filesystem::path& path, std::size_t most_slices) {
  write_whole(path, [&](std::ostream& out) { Writer{platform, work, trace, most_slices, out}.write(); });
}

}  // namespace superpod::analysis
