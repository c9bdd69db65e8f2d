/// What all lists of faults have in common: an entry names a part, or draws some at random.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/random/draws.hpp"
#include "topology/fabric/fabric.hpp"

namespace superpod::models {

/// `links.3`, `links.3.from`
std::string keyed(const char* list, std::size_t entry, const std::string& field = "");

/// How an entry says which parts it means.
struct PartChoice {
  bool is_named = false, is_drawn = false;
  std::string entry;  ///< its key
  std::string names;  ///< the keys that name a part, in words
};

/// A part is named or drawn.
void check_choice(const PartChoice& choice, std::vector<topology::Flaw>& found);

/// What the numbers of a fault's entry are drawn for; the entry's index follows.
enum class Purpose : std::uint32_t { links = 1, switches = 2, npus = 3 };

Draws draws(std::int64_t seed, Purpose purpose, std::size_t entry, std::int64_t size);

topology::Flaw too_few(const std::string& key, const std::string& what, std::int64_t left);

/// Draws `count` numbers for which `take` holds; false when there are too few.
template <class Take>
bool draw_each(Draws numbers, int count, const Take& take) {
  for (int taken = 0; taken < count;) {
    const auto number = numbers.next();
    if (!number) return false;
    if (take(*number)) ++taken;
  }
  return true;
}

}  // namespace superpod::models
