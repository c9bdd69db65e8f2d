/// Ranks, ids and counts are signed, so that differences are right; places in a vector are not.
#pragma once

#include <cstddef>
#include <cstdint>

namespace superpod {

/// The place of number `i` >= 0 in a vector.
constexpr std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

}  // namespace superpod
