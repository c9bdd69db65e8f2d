#include "sim/engine/deadlines.hpp"

#include <algorithm>

namespace superpod {
namespace {

/// From this share of the heap on, ordering all of it is cheaper than moving each entry by itself.
constexpr std::size_t many = 8;

}  // namespace

void Deadlines::set(std::span<const Entry> entries) {
  const bool all_at_once = entries.size() > heap_.size() / many;
  for (const Entry& entry : entries) {
    std::size_t at = at_[static_cast<std::size_t>(entry.key)];
    if (at == none) {
      at = heap_.size();
      heap_.push_back(entry);
    }
    put(at, entry);
    if (all_at_once) continue;
    rise(at);
    sink(at_[static_cast<std::size_t>(entry.key)]);
  }
  if (all_at_once && !entries.empty()) order();
}

void Deadlines::remove(std::int32_t key) {
  const std::uint32_t at = at_[static_cast<std::size_t>(key)];
  if (at != none) remove_at(at);
}

void Deadlines::remove_at(std::size_t at) {
  at_[static_cast<std::size_t>(heap_[at].key)] = none;
  const Entry last = heap_.back();
  heap_.pop_back();
  if (at == heap_.size()) return;
  put(at, last);
  rise(at);
  sink(at_[static_cast<std::size_t>(last.key)]);
}

void Deadlines::take_until(double date, std::vector<std::int32_t>& taken) {
  if (next() > date) return;
  const std::size_t before = taken.size();
  due_.assign(1, 0);
  for (std::size_t d = 0; d < due_.size(); ++d) {  // what is due hangs together at the top of the heap
    taken.push_back(heap_[due_[d]].key);
    const std::size_t first = due_[d] * children + 1;
    for (std::size_t child = first; child < std::min(first + children, heap_.size()); ++child)
      if (heap_[child].date <= date) due_.push_back(static_cast<std::uint32_t>(child));
  }
  if (due_.size() <= heap_.size() / many) {
    for (std::size_t t = before; t < taken.size(); ++t) remove(taken[t]);
    return;
  }
  for (std::size_t t = before; t < taken.size(); ++t) at_[static_cast<std::size_t>(taken[t])] = none;
  std::erase_if(heap_, [&](const Entry& entry) { return entry.date <= date; });
  order();
}

void Deadlines::order() {
  for (std::size_t at = 0; at < heap_.size(); ++at)
    at_[static_cast<std::size_t>(heap_[at].key)] = static_cast<std::uint32_t>(at);
  if (heap_.size() < 2) return;
  for (std::size_t at = (heap_.size() - 2) / children + 1; at-- > 0;) sink(at);
}

void Deadlines::rise(std::size_t at) {
  const Entry entry = heap_[at];
  for (; at > 0; at = (at - 1) / children) {
    const Entry& parent = heap_[(at - 1) / children];
    if (parent.date <= entry.date) break;
    put(at, parent);
  }
  put(at, entry);
}

void Deadlines::sink(std::size_t at) {
  const Entry entry = heap_[at];
  for (;;) {
    const std::size_t first = at * children + 1;
    if (first >= heap_.size()) break;
    const std::size_t last = std::min(first + children, heap_.size());
    std::size_t least = first;
    for (std::size_t child = first + 1; child < last; ++child)
      if (heap_[child].date < heap_[least].date) least = child;
    if (heap_[least].date >= entry.date) break;
    put(at, heap_[least]);
    at = least;
  }
  put(at, entry);
}

}  // namespace superpod
