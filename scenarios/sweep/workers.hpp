#pragma once

#include <deque>
#include <vector>

#include "scenarios/sweep/crew.hpp"
#include "scenarios/sweep/pace.hpp"
#include "scenarios/sweep/process.hpp"

namespace superpod::scenarios {

/// Processes of this machine, each of which runs one point after another. The point of one that dies has
/// failed; another process takes its place.
class Workers : public Crew {
 public:
  Workers(int count, Job job);

  [[nodiscard]] std::size_t room() const override;
  void give(std::int64_t point) override;
  std::vector<std::string> outcomes(std::chrono::milliseconds at_most) override {
    return outcomes(at_most, nullptr);
  }
  /// The same, but waits no longer than until `also` has something to say.
  std::vector<std::string> outcomes(std::chrono::milliseconds at_most, const Channel* also);

  /// As many as this process may use processors.
  static int usual_count();

 private:
  struct Worker {
    Process process;
    std::deque<std::int64_t> points;  // given, the first of them in progress
  };

  [[nodiscard]] Process started() const;
  void take(Worker& worker, std::vector<std::string>& outcomes);
  void replace(Worker& worker, const std::string& death, std::vector<std::string>& outcomes);

  Job job_;
  Pace pace_;
  std::vector<Worker> workers_;
};

}  // namespace superpod::scenarios
