#pragma once

#include <chrono>
#include <cstddef>

namespace superpod::scenarios {

/// How many points a process is given at a time: of quick ones several, so that it need not wait for the
/// next; of slow ones a single one, so that the last are spread over all processes.
class Pace {
 public:
  Pace(int processes, std::size_t most) : processes_{processes}, most_{most} {}

  void ended(std::size_t points) { ended_ += points; }

  [[nodiscard]] std::size_t points_at_once() const {
    if (ended_ == 0) return 1;
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - began_;
    const double mean = passed.count() * processes_ / static_cast<double>(ended_);  // s, of one point
    constexpr double quick = 0.05, slow = 0.5;
    return mean < quick ? most_ : mean < slow ? 2 : 1;
  }

 private:
  int processes_;
  std::size_t most_;
  std::size_t ended_ = 0;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

}  // namespace superpod::scenarios
