/// How a kernel runs on this machine: on how many threads, and by which vector instructions (dispatch.cpp).
#pragma once

#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace superpod::models::cpu {

/// A family of vector instructions. `portable` needs none: it is what runs where the others are missing.
enum class Path { portable, avx2, avx512 };

constexpr auto words(Path) {
  using std::pair, std::string_view;
  return std::array{pair{string_view{"portable"}, Path::portable}, pair{string_view{"avx2"}, Path::avx2},
                    pair{string_view{"avx512"}, Path::avx512}};
}

/// Those that this CPU has and that were compiled, narrowest first; never empty.
const std::vector<Path>& paths();

/// The widest of paths().
Path widest_path();

struct Execution {
  int threads = 1;
  Path path = widest_path();  ///< one of paths(), else std::invalid_argument
};

}  // namespace superpod::models::cpu
