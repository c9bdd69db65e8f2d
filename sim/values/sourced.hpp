/// A figure that knows where it comes from.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace superpod {

/// How much a figure can be trusted, best first.
enum class Grade {
  measured,   ///< somebody measured it, and says how
  published,  ///< its maker states it
  derived,    ///< computed from measured or published figures
  assumed,    ///< not public: an assumption, with its reason
};

constexpr auto words(Grade) {
  return std::array{std::pair{std::string_view{"measured"}, Grade::measured},
                    std::pair{std::string_view{"published"}, Grade::published},
                    std::pair{std::string_view{"derived"}, Grade::derived},
                    std::pair{std::string_view{"assumed"}, Grade::assumed}};
}

/// A value with its grade and source. In YAML: `{value: 4 TB/s, grade: published, source: wp950, note: ...}`;
/// a bare value stands for what the user of a scenario says himself, and is graded `assumed`.
template <class T>
struct Sourced {
  T value{};
  Grade grade = Grade::assumed;
  std::string source;
  std::string note;

  Sourced() = default;
  Sourced(T v)
      : value{std::move(v)} {
  }  // NOLINT(google-explicit-constructor): a plain value is a figure without source
  Sourced(T v, Grade g, std::string s, std::string n = {})
      : value{std::move(v)}, grade{g}, source{std::move(s)}, note{std::move(n)} {}
};

}  // namespace superpod
