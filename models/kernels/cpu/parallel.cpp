#include "models/kernels/cpu/parallel.hpp"

#include <algorithm>
#include <stdexcept>
#include <thread>
#include <vector>

namespace superpod::models::cpu {

void in_parallel(std::int64_t count, int threads,
                 const std::function<void(std::int64_t, std::int64_t)>& part) {
  if (threads < 1) throw std::invalid_argument{"a kernel runs on one thread at least"};
  const std::int64_t parts = std::min<std::int64_t>(threads, count);
  const auto begin = [&](std::int64_t i) { return count / parts * i + std::min(i, count % parts); };
  std::vector<std::jthread> others;
  for (std::int64_t i = 1; i < parts; ++i)
    others.emplace_back([&part, from = begin(i), to = begin(i + 1)] { part(from, to); });
  if (parts > 0) part(0, begin(1));
}

}  // namespace superpod::models::cpu
