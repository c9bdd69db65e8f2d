#include "scenarios/sweep/run_sweep.hpp"

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <set>

#include "analysis/results_file.hpp"
#include "scenarios/sweep/journal.hpp"
#include "scenarios/sweep/ledger.hpp"
#include "scenarios/sweep/outcome_message.hpp"
#include "scenarios/sweep/ranks.hpp"
#include "scenarios/sweep/sweep_result.hpp"
#include "scenarios/sweep/workers.hpp"

namespace superpod::scenarios {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

fs::path journal_of(const fs::path& output) { return output.string() + ".journal"; }

/// Hours of work are not written over.
void require_new(const fs::path& output) {
  const std::string help = "--resume goes on with it; to begin anew remove it, or give -o another name";
  if (holds_outcomes(journal_of(output)))
    refuse(journal_of(output).string() + " holds a sweep that has not ended", help);
  if (fs::exists(output)) refuse(output.string() + " is there already", help);
}

/// What a results file without journal is: this sweep, complete; or something else, which is not touched.
std::optional<analysis::Result> finished_result(const fs::path& output, const Fingerprint& sweep) {
  if (!fs::exists(output) || holds_outcomes(journal_of(output))) return std::nullopt;
  analysis::Result result = analysis::read(output);
  const Fingerprint other = fingerprint_of(result);
  if (other.empty()) refuse(output.string() + " is no result of a sweep", "give -o another name");
  if (const std::string part = difference(other, sweep); !part.empty())
    refuse(output.string() + " is of another sweep: " + part,
           "give -o another name, or remove it to begin anew");
  const analysis::Figure* complete = result.figure("complete");
  if (complete == nullptr || complete->value != 1) return std::nullopt;
  return result;
}

/// Parts of files that a killed run has left.
void remove_parts(const fs::path& output) {
  const fs::path folder = output.has_parent_path() ? output.parent_path() : fs::path{"."};
  const std::string begin = output.filename().string() + ".", end = ".part";
  std::vector<fs::path> parts;
  for (const auto& item : fs::directory_iterator{folder}) {
    const std::string name = item.path().filename().string();
    if (name.size() <= begin.size() + end.size() || !name.starts_with(begin) || !name.ends_with(end))
      continue;
    const auto number = name.substr(begin.size(), name.size() - begin.size() - end.size());
    if (number.find_first_not_of("0123456789") == std::string::npos) parts.push_back(item.path());
  }
  std::error_code none;
  for (const fs::path& part : parts) fs::remove(part, none);
}

/// One run of a sweep: what is to do, what has been done, and where it is kept.
class Run {
 public:
  Run(const SweepFile& file, const Library& library, const SweepRequest& request, const Fingerprint& sweep)
      : request_{request},
        ledger_{file.points()},
        journal_{journal_of(request.output), sweep, [&](const Outcome& outcome) { ledger_.add(outcome); }},
        result_{file, library, sweep, request.detail} {
    remove_parts(request.output);
    for (std::int64_t point = 0; point < ledger_.points(); ++point)
      if (!ledger_.has(point) || ledger_.has_failed(point)) to_do_.push_back(point);
    left_ = static_cast<std::int64_t>(to_do_.size());
    found_ = ledger_.points() - left_;
  }

  void go(Crew& crew, const std::function<void(const SweepProgress&)>& progress,
          const std::atomic<bool>& stop) {
    constexpr std::chrono::milliseconds between_looks{100};
    while (left_ > 0 && !stop) {
      while (!to_do_.empty() && crew.room() > 0) {
        crew.give(to_do_.front());
        to_do_.pop_front();
      }
      for (const std::string& message : crew.outcomes(between_looks)) take(outcome_in(message));
      if (Clock::now() >= next_snapshot_) snapshot();
      if (progress) progress(state());
    }
  }

  SweepEnd finish() {
    SweepEnd end{result_.of(ledger_), state(), left_ > 0, false};
    journal_.sync();
    analysis::write(end.result, request_.output);
    if (left_ == 0 && end.progress.failed == 0) journal_.remove();
    return end;
  }

 private:
  void take(Outcome outcome) {
    if (outcome.status == Status::failed && failures_.insert(outcome.point).second)
      return to_do_.push_front(outcome.point);  // once more: the machine may have been short of memory
    journal_.append(outcome);
    ledger_.add(outcome);
    --left_;
  }

  /// A small part of the time, however large the file.
  void snapshot() {
    const auto began = Clock::now();
    journal_.sync();
    analysis::write(result_.of(ledger_), request_.output);
    const auto now = Clock::now();
    constexpr int share = 30;
    next_snapshot_ = now + std::max(std::chrono::duration_cast<Clock::duration>(request_.between_snapshots),
                                    share * (now - began));
  }

  [[nodiscard]] SweepProgress state() const {
    return {ledger_.points(),
            ledger_.points() - left_,
            found_,
            ledger_.count(Status::mistake),
            ledger_.count(Status::failed),
            Clock::now() - began_};
  }

  const SweepRequest& request_;
  Ledger ledger_;
  Journal journal_;
  SweepResult result_;
  std::deque<std::int64_t> to_do_;
  std::set<std::int64_t> failures_;
  std::int64_t left_ = 0, found_ = 0;  // of the points: without an outcome; with one from before
  Clock::time_point began_ = Clock::now(), next_snapshot_ = began_;
};

std::string text_of(const Fingerprint& sweep) {
  std::string text;
  for (const auto& [what, sum] : sweep) text += what + "=" + sum + "\n";
  return text;
}

}  // namespace

SweepEnd run_sweep(const SweepFile& file, const Library& library, const SweepRequest& request,
                   const std::function<void(const SweepProgress&)>& progress, const std::atomic<bool>& stop) {
  const Fingerprint sweep = fingerprint(file, library, request.detail);
  const Job job = [&](std::int64_t point) {
    return message_of(outcome_of(file, point, library, request.detail));
  };
  if (is_rank() && !is_first_rank()) {
    serve_first_rank(std::max(1, request.jobs), job, text_of(sweep));
    return {{}, {}, false, true};
  }
  std::unique_ptr<Crew> crew;
  if (is_rank()) crew = std::make_unique<RankCrew>(std::max(1, request.jobs), job, text_of(sweep));
  if (!request.resume) require_new(request.output);
  if (auto finished = finished_result(request.output, sweep)) {
    const auto points = file.points(),
               mistakes = static_cast<std::int64_t>(finished->figure("points_mistake")->value);
    return {std::move(*finished), {points, points, points, mistakes, 0, {}}, false, false};
  }
  Run run{file, library, request, sweep};
  if (!crew) crew = std::make_unique<Workers>(request.jobs > 0 ? request.jobs : Workers::usual_count(), job);
  run.go(*crew, progress, stop);
  crew.reset();  // the ranks leave: what is left to do is on the disk of this one
  return run.finish();
}

}  // namespace superpod::scenarios
