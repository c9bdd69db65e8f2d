#include "models/faults/fault_entry.hpp"

#include <array>

namespace superpod::models {

std::string keyed(const char* list, std::size_t entry, const std::string& field) {
  return std::string{list} + "." + std::to_string(entry) + (field.empty() ? "" : "." + field);
}

void check_choice(const PartChoice& choice, std::vector<topology::Flaw>& found) {
  if (choice.is_named && choice.is_drawn)
    found.push_back({choice.entry + ".count", "parts are named or drawn at random, not both",
                     "leave out `count`, or " + choice.names});
  if (!choice.is_named && !choice.is_drawn)
    found.push_back(
        {choice.entry, "this says neither which nor how many", "give " + choice.names + ", or `count`"});
}

Draws draws(std::int64_t seed, Purpose purpose, std::size_t entry, std::int64_t size) {
  const std::array words{static_cast<std::uint32_t>(purpose), static_cast<std::uint32_t>(entry)};
  return {Random{seed, words}, size};
}

topology::Flaw too_few(const std::string& key, const std::string& what, std::int64_t left) {
  return {key, "there are only " + std::to_string(left) + " " + what + " to draw from",
          "no part is drawn twice, and none that is named"};
}

}  // namespace superpod::models
