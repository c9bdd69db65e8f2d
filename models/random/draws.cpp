#include "models/random/draws.hpp"

namespace superpod::models {

std::optional<std::int64_t> Draws::next() {
  if (drawn_ == size_) return std::nullopt;
  const std::int64_t place =
      drawn_ + static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(size_ - drawn_)));
  const std::int64_t number = at(place);
  moved_[place] = at(drawn_);
  moved_.erase(drawn_);  // no later draw looks there
  ++drawn_;
  return number;
}

std::int64_t Draws::at(std::int64_t place) const {
  const auto found = moved_.find(place);
  return found == moved_.end() ? place : found->second;
}

}  // namespace superpod::models
