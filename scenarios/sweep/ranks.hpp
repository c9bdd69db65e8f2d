/// A sweep on many machines: processes that mpirun or srun has started, which talk through MPI (carrier.cpp).
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "scenarios/sweep/crew.hpp"
#include "scenarios/sweep/pace.hpp"
#include "scenarios/sweep/process.hpp"
#include "scenarios/sweep/workers.hpp"

namespace superpod::scenarios {

/// Whether a launcher started this process as a rank: mpirun, or srun with --mpi=pmix or pmi2.
bool is_rank();

/// Whether this process is the one that speaks; true without a launcher.
bool is_first_rank();

/// How many tasks srun started that cannot join, because it was not asked for MPI; 0 when that is not so.
int tasks_without_mpi();

/// The workers of all ranks; for the first. Those of the others join as they come, if they run the same
/// sweep.
class RankCrew : public Crew {
 public:
  RankCrew(int jobs, const Job& job, std::string sweep);
  /// Tells all others that there is no more to do, and waits until they leave.
  ~RankCrew() override;
  RankCrew(const RankCrew&) = delete;
  RankCrew& operator=(const RankCrew&) = delete;

  [[nodiscard]] std::size_t room() const override;
  void give(std::int64_t point) override;
  /// Throws ScenarioError when a rank sees another sweep.
  std::vector<std::string> outcomes(std::chrono::milliseconds at_most) override;

 private:
  struct Other {
    std::size_t jobs = 0, given = 0;
  };

  [[nodiscard]] std::size_t room_of(const Other& other) const;
  void hear(std::uint64_t from, std::string_view said, std::vector<std::string>& outcomes);

  std::string sweep_;
  Workers own_;
  Process carrier_;
  std::uint64_t ranks_ = 1;
  std::map<std::uint64_t, Other> others_;  // that have joined, by rank
  std::size_t jobs_ = 0;                   // of the others
  Pace pace_;
};

/// Runs what the first rank gives, until it has no more; for the others.
void serve_first_rank(int jobs, const Job& job, const std::string& sweep);

}  // namespace superpod::scenarios
