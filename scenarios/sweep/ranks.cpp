#include "scenarios/sweep/ranks.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <stdexcept>
#include <utility>
#include <vector>

#include "scenarios/sweep/outcome_message.hpp"
#include "scenarios/text/mistakes.hpp"

namespace superpod::scenarios {
namespace {

constexpr std::chrono::milliseconds between_looks{100};  // at workers that have died without a word

/// Of a message between ranks: its first letter.
enum Kind : char { joins = 'j', a_point = 'p', an_outcome = 'o', no_more = 'n' };

/// Those that launchers give to ranks: Open MPI's, and srun's for PMIx and PMI-2.
constexpr std::array rank_variables{"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"};

int number_of(const char* variable, int otherwise) {
  const char* text = std::getenv(variable);
  return text != nullptr ? std::atoi(text) : otherwise;
}

/// The program beside this one that knows MPI.
Process started_carrier() {
  const std::string program =
      (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "superpod-carrier").string();
  if (::access(program.c_str(), X_OK) != 0)
    throw std::runtime_error{program + ": the program that joins ranks is not there"};
  return Process{[&](Channel& channel) {
    const std::string descriptor =
        std::to_string(::dup(channel.descriptor()));  // which stays open in the program
    ::execl(program.c_str(), program.c_str(), descriptor.c_str(), nullptr);
  }};
}

struct Rank {
  std::uint64_t own = 0, all = 1;
};

Rank rank_of(Process& carrier) {
  const auto message = carrier.channel().receive();
  if (!message) throw std::runtime_error{"this rank cannot join the others through MPI"};
  BytesIn in{*message};
  const std::uint64_t own = in.number();
  return {own, in.number()};
}

void say(Process& carrier, std::uint64_t to, Kind kind, const std::string& text) {
  BytesOut out;
  out.number(to);
  carrier.channel().send(out.bytes() + static_cast<char>(kind) + text);
}

/// Calls `use` with the sender and the text of each message that has come.
void hear_all(Process& carrier, const std::function<void(std::uint64_t, std::string_view)>& use) {
  for (const std::string& message : carrier.channel().received())
    use(BytesIn{message}.number(), std::string_view{message}.substr(sizeof(std::uint64_t)));
  if (carrier.channel().is_over()) throw std::runtime_error{"the ranks of this job have lost each other"};
}

}  // namespace

bool is_rank() {
  return std::ranges::any_of(rank_variables,
                             [](const char* variable) { return std::getenv(variable) != nullptr; });
}

bool is_first_rank() {
  return std::ranges::all_of(rank_variables,
                             [](const char* variable) { return number_of(variable, 0) == 0; });
}

int tasks_without_mpi() {
  const int tasks = number_of("SLURM_STEP_NUM_TASKS", 1);
  return !is_rank() && tasks > 1 ? tasks : 0;
}

RankCrew::RankCrew(int jobs, const Job& job, std::string sweep)
    : sweep_{std::move(sweep)}, own_{jobs, job}, carrier_{started_carrier()}, pace_{1, 4} {
  ranks_ = rank_of(carrier_).all;
}

RankCrew::~RankCrew() {
  for (std::uint64_t rank = 1; rank < ranks_; ++rank) say(carrier_, rank, no_more, {});
  carrier_.wait();
}

std::size_t RankCrew::room_of(const Other& other) const {
  const std::size_t most = other.jobs * pace_.points_at_once();
  return most > other.given ? most - other.given : 0;
}

std::size_t RankCrew::room() const {
  std::size_t room = own_.room();
  for (const auto& [rank, other] : others_) room += room_of(other);
  return room;
}

/// To the rank with the most room for each of its workers.
void RankCrew::give(std::int64_t point) {
  const auto share = [&](const auto& rank) {
    return static_cast<double>(room_of(rank.second)) / static_cast<double>(rank.second.jobs);
  };
  const auto to = std::ranges::max_element(others_, {}, share);
  if (to == others_.end() || room_of(to->second) == 0 || (own_.room() > 0 && share(*to) <= 1))
    return own_.give(point);
  ++to->second.given;
  say(carrier_, to->first, a_point, message_of(point));
}

std::vector<std::string> RankCrew::outcomes(std::chrono::milliseconds at_most) {
  std::vector<std::string> outcomes = own_.outcomes(at_most, &carrier_.channel());
  const std::size_t own = outcomes.size();
  hear_all(carrier_, [&](std::uint64_t from, std::string_view said) { hear(from, said, outcomes); });
  pace_.ended(outcomes.size() - own);
  return outcomes;
}

void RankCrew::hear(std::uint64_t from, std::string_view said, std::vector<std::string>& outcomes) {
  BytesIn in{said.substr(1)};
  if (said.front() == joins) {
    const std::uint64_t jobs = in.number();
    if (in.word() != sweep_) {
      Mistakes mistakes;
      mistakes.add({},
                   "rank " + std::to_string(from) +
                       " sees another sweep, scenario or library, or is of another version",
                   "put them into a folder that all machines share");
      throw ScenarioError{std::move(mistakes)};
    }
    others_[from].jobs = jobs;
    jobs_ += jobs;
    pace_ = Pace{static_cast<int>(jobs_), 4};
  } else {
    --others_.at(from).given;
    outcomes.push_back(in.word());
  }
}

void serve_first_rank(int jobs, const Job& job, const std::string& sweep) {
  Workers workers{jobs, job};
  Process carrier = started_carrier();
  rank_of(carrier);
  BytesOut hello;
  hello.number(static_cast<std::uint64_t>(jobs));
  hello.word(sweep);
  say(carrier, 0, joins, hello.bytes());
  std::deque<std::int64_t> waiting;
  for (bool is_over = false; !is_over;) {
    for (const std::string& message : workers.outcomes(between_looks, &carrier.channel())) {
      BytesOut outcome;
      outcome.word(message);
      say(carrier, 0, an_outcome, outcome.bytes());
    }
    hear_all(carrier, [&](std::uint64_t, std::string_view said) {
      if (said.front() == no_more)
        is_over = true;
      else
        waiting.push_back(point_in(said.substr(1)));
    });
    for (; !waiting.empty() && workers.room() > 0; waiting.pop_front()) workers.give(waiting.front());
  }
  carrier.wait();
}

}  // namespace superpod::scenarios
