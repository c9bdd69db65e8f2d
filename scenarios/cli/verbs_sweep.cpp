#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <string>

#include "analysis/json.hpp"
#include "scenarios/answers/summary.hpp"
#include "scenarios/cli/verbs.hpp"
#include "scenarios/sweep/ranks.hpp"
#include "scenarios/sweep/run_sweep.hpp"
#include "scenarios/sweep/sweep.hpp"

namespace superpod::verbs {
namespace {

using scenarios::SweepProgress;
using Clock = std::chrono::steady_clock;

std::atomic<bool> stop{
    false};  // set by a signal: what is done is then written, and the rest left for --resume

void stop_at_signals() {
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, [](int) { stop = true; });
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is then an error like a full disk
}

std::string clock_text(double seconds) {
  const auto whole = static_cast<long>(std::llround(seconds));
  char text[64];
  const int length = whole >= 3600 ? std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", whole / 3600,
                                                   whole / 60 % 60, whole % 60)
                                   : std::snprintf(text, sizeof text, "%ld:%02ld", whole / 60, whole % 60);
  return {text, static_cast<std::size_t>(length)};
}

std::string progress_text(const SweepProgress& now) {
  const double seconds = now.passed.count();
  const auto here = static_cast<double>(now.done - now.found);
  const double rate = seconds > 0 ? here / seconds : 0;
  char per_second[32];
  std::snprintf(per_second, sizeof per_second, rate < 10 ? "%.2f" : "%.0f", rate);
  std::string text =
      std::to_string(now.done) + " of " + std::to_string(now.points) + " points, " + per_second + "/s";
  if (rate > 0 && now.done < now.points)
    text += ", " + clock_text(static_cast<double>(now.points - now.done) / rate) + " left";
  if (now.mistakes > 0)
    text += ", " + std::to_string(now.mistakes) + (now.mistakes == 1 ? " mistake" : " mistakes");
  if (now.failed > 0) text += ", " + std::to_string(now.failed) + " failed";
  return text;
}

/// A bar on a terminal, a line now and then elsewhere.
class Display {
 public:
  explicit Display(bool is_quiet) : is_quiet_{is_quiet}, is_terminal_{isatty(STDERR_FILENO) != 0} {}

  void show(const SweepProgress& now) {
    if (is_quiet_ || Clock::now() < next_) return;
    next_ = Clock::now() + (is_terminal_ ? std::chrono::milliseconds{200} : std::chrono::seconds{10});
    if (!is_terminal_) {
      if (now.done > now.found) std::cerr << "sweeping: " << progress_text(now) << '\n';
      return;
    }
    constexpr std::int64_t width = 30;
    const auto full = static_cast<std::size_t>(width * now.done / std::max<std::int64_t>(now.points, 1));
    std::cerr << "\r\033[Ksweeping [" << std::string(full, '=') << std::string(width - full, ' ') << "] "
              << progress_text(now) << std::flush;
  }
  void end(const SweepProgress& now) const {
    if (is_quiet_) return;
    if (is_terminal_) std::cerr << "\r\033[K";
    std::cerr << "swept: " << progress_text(now) << '\n';
  }

 private:
  bool is_quiet_, is_terminal_;
  Clock::time_point next_ = Clock::now() + std::chrono::milliseconds{200};
};

}  // namespace

int sweep(const Options& options) {
  if (const int tasks = scenarios::tasks_without_mpi())
    throw std::runtime_error{"srun has started " + std::to_string(tasks) +
                             " tasks that do not know of each other: use srun --mpi=pmix, or mpirun"};
  const bool speaks = scenarios::is_first_rank();
  const auto library = scenarios::Library::standard();
  scenarios::Mistakes mistakes;
  const auto file = scenarios::read_sweep(options.input, library, mistakes);
  if (!mistakes.empty() && !speaks) return input_is_wrong;  // the first rank says why
  scenarios::require_none(mistakes);

  stop_at_signals();
  Display display{options.quiet};
  const scenarios::SweepRequest request{
      .output = options.output, .resume = options.resume, .jobs = options.jobs, .detail = options.detail};
  const auto end = scenarios::run_sweep(
      *file, library, request, [&](const SweepProgress& now) { display.show(now); }, stop);
  if (end.is_follower) return done;
  display.end(end.progress);
  if (options.json)
    std::cout << analysis::json(end.result, {{"wall_s", end.progress.passed.count(), "s", "of this run"}})
              << '\n';
  else
    std::cout << scenarios::summary(end.result);
  if (!options.quiet) std::cerr << "results: " << options.output << '\n';
  if (!end.is_stopped) return done;
  std::cerr << "superpod: stopped by a signal; --resume goes on\n";
  return world_failed;
}

}  // namespace superpod::verbs
