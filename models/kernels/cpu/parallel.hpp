/// Work shared out among threads.
#pragma once

#include <cstdint>
#include <functional>

namespace superpod::models::cpu {

/// Calls `part(begin, end)` for up to `threads` ranges that together are [0, count): each within one unit of
/// the others in size, one on this thread. Which element falls into which range changes no result of a
/// kernel, for each writes only what belongs to its elements. Throws std::invalid_argument unless threads >=
/// 1; what a part throws ends the process.
/// Cost: a thread is started for each range but one, some ten microseconds.
void in_parallel(std::int64_t count, int threads,
                 const std::function<void(std::int64_t, std::int64_t)>& part);

}  // namespace superpod::models::cpu
