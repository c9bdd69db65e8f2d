#include "models/serving/engine/instance.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>

#include "sim/values/index.hpp"

namespace superpod::models {

Instance::Instance(const Setting& setting)
    : rules_{setting.rules},
      costs_{setting.costs},
      stepping_{setting.stepping},
      capacity_{static_cast<double>(setting.blocks) * rules_.block_tokens.value * setting.ranks} {
  for (int rank = 0; rank < setting.ranks; ++rank)
    ranks_.push_back({.cache = CacheBlocks{setting.blocks, rules_.block_tokens.value}});
}

Seconds Instance::Stretch::time_of(std::int64_t count) const {
  const auto n = static_cast<double>(count);
  return n * first + n * (n - 1) / 2 * growth;
}

/// The least n with time_of(n) >= after_begin: a root of a parabola, put right where rounding led astray.
std::int64_t Instance::Stretch::iteration_at(Seconds after_begin) const {
  double n = after_begin / first;
  if (growth > Seconds{}) {
    const double g = growth / first, b = 1 - g / 2;  // g / 2 n^2 + b n = after_begin / first
    n = 2 * n / (b + std::sqrt(b * b + 2 * g * n));
  }
  auto at = std::clamp(static_cast<std::int64_t>(std::ceil(n)), std::int64_t{1}, iterations);
  while (at > 1 && time_of(at - 1) >= after_begin) --at;
  while (at < iterations && time_of(at) < after_begin) ++at;
  return at;
}

void Instance::submit(const Incoming& request, Seconds now) {
  const auto fewest = std::ranges::min_element(
      ranks_, {}, [](const Rank& rank) { return rank.running + static_cast<int>(rank.waiting.size()); });
  Waiting next{.request = request, .prompt = request.input_tokens, .generated = request.cached ? 1 : 0};
  const std::int64_t most = request.input_tokens + request.output_tokens - 1;
  if (request.input_tokens < 1 || request.output_tokens < 1 + next.generated)
    throw std::invalid_argument{"serving: a request without a token to make"};
  if (fewest->cache.blocks_for(most) > fewest->cache.all())
    throw std::invalid_argument{"serving: a request of " + std::to_string(most) +
                                " tokens, for which the cache never has room"};
  const int lag = rules_.lag_iterations.value;
  if (stretch_.in_flight) {
    const std::int64_t at = stretch_.iteration_at(now - stretch_.begin);
    stretch_.iterations = std::min(stretch_.iterations, at + lag);
    next.visible = iteration_ + at + lag;
  } else {
    next.visible = iteration_ + (running_ > 0 ? lag : 0);
  }
  fewest->waiting.push_back(next);
  ++waiting_;
}

Seconds Instance::end() const {
  return stretch_.in_flight ? stretch_.begin + stretch_.time_of(stretch_.iterations)
                            : Seconds{std::numeric_limits<double>::infinity()};
}

void Instance::begin(Seconds now) {
  if (stretch_.in_flight || running_ + waiting_ == 0) return;
  if (running_ == 0) {  // nothing was scheduled ahead
    std::int64_t first = std::numeric_limits<std::int64_t>::max();
    for (const Rank& rank : ranks_)
      if (!rank.waiting.empty()) first = std::min(first, rank.waiting.front().visible);
    iteration_ = std::max(iteration_, first);
  }
  stretch_ = {.in_flight = true, .begin = now, .iterations = 1};
  choose();
  totals_.most_running = std::max(totals_.most_running, running_);
}

std::span<const RequestEvent> Instance::finish() {
  const Seconds date = end(), length = stretch_.time_of(stretch_.iterations);
  const auto n = static_cast<double>(stretch_.iterations);
  totals_.busy += length;
  totals_.request_time += running_ * length;
  // Iteration i holds h + b i tokens for first + i growth: sums of i and of its square
  const double grown = stretch_.decodes ? decoding_ : 0;
  totals_.cache_time +=
      1 / capacity_ *
      (static_cast<double>(held_tokens_) * length +
       grown * (n * (n - 1) / 2 * stretch_.first + (n - 1) * n * (2 * n - 1) / 6 * stretch_.growth));
  totals_.iterations += stretch_.iterations;
  IterationParts parts = n * stretch_.parts;
  parts.attention += n * (n - 1) / 2 * stretch_.attention_growth;
  parts.host = Seconds{};
  const Seconds beside = length - parts.total();
  if (beside > 1e-12 * length) parts.host = beside;  // else it is rounding
  totals_.parts += parts;
  if (stretch_.decodes) end_decoding(date);
  iteration_ += stretch_.iterations;
  stretch_.in_flight = false;
  end_chunks(date);
  end_requests(date);
  std::swap(events_, told_);
  events_.clear();
  return told_;
}

/// All that decode have a token more after each iteration.
void Instance::end_decoding(Seconds date) {
  const std::int64_t n = stretch_.iterations;
  int joined = 0;
  const Seconds first_end = stretch_.begin + stretch_.first;
  for (const auto& [first_token, requests] : joined_) {
    totals_.token_gaps.add(first_end - first_token, requests);
    joined += requests;
  }
  totals_.token_gaps.add(first_end - tokens_left_, std::max(0, decoding_ - joined));
  if (n > 1)
    totals_.token_gaps.add_progression(stretch_.first + stretch_.growth, stretch_.growth, n - 1, decoding_);
  joined_.clear();
  tokens_left_ = date;
  for (Rank& rank : ranks_) {
    rank.cache.grow(clock_ + 1, n - 1);  // the first took its blocks when it was chosen
    rank.seen += static_cast<double>(n * rank.decoding);
  }
  clock_ += n;
  held_tokens_ += n * decoding_;
  totals_.decoding_iterations += n;
  totals_.output_tokens += n * decoding_;
}

void Instance::end_chunks(Seconds date) {
  for (const Chunk& chunk : chunks_) {
    Slot& slot = slots_[chunk.slot];
    slot.computed += chunk.tokens;
    totals_.prompt_tokens += chunk.tokens;
    if (slot.computed < slot.prompt) continue;
    Rank& rank = ranks_[index(slot.rank)];
    std::erase(rank.prompts, chunk.slot);
    if (slot.generated == 0) events_.push_back({RequestEvent::Kind::first_token, slot.request.id, date});
    if (slot.generated > 0) totals_.token_gaps.add(date - slot.last_token);
    ++totals_.output_tokens;
    if (++slot.generated == slot.request.output_tokens) {
      events_.push_back({RequestEvent::Kind::finished, slot.request.id, date});
      release(chunk.slot);
      continue;
    }
    start_decoding(chunk.slot);
    if (joined_.empty() || joined_.back().first != date) joined_.emplace_back(date, 0);
    ++joined_.back().second;
  }
  chunks_.clear();
}

void Instance::start_decoding(std::uint32_t number) {
  Slot& slot = slots_[number];
  Rank& rank = ranks_[index(slot.rank)];
  slot.joined = clock_;
  rank.cache.join(slot.prompt, clock_);
  rank.seen += slot.prompt;
  ++rank.decoding;
  ++decoding_;
  endings_.push_back({clock_ + slot.request.output_tokens - slot.generated, {number, slot.stamp}});
  std::ranges::push_heap(endings_, std::greater{});
}

void Instance::end_requests(Seconds date) {
  while (!endings_.empty() && endings_.front().clock <= clock_) {
    const Held held = endings_.front().held;
    std::ranges::pop_heap(endings_, std::greater{});
    endings_.pop_back();
    if (!is_there(held)) continue;  // it was evicted
    events_.push_back({RequestEvent::Kind::finished, slots_[held.slot].request.id, date});
    release(held.slot);
  }
}

std::int64_t Instance::length(const Slot& slot) const {
  return slot.joined < 0 ? slot.prompt : slot.prompt + (clock_ - slot.joined);
}

/// What it holds is free again.
void Instance::release(std::uint32_t number) {
  Slot& slot = slots_[number];
  Rank& rank = ranks_[index(slot.rank)];
  const std::int64_t tokens = length(slot);
  rank.cache.give_back(rank.cache.blocks_for(tokens), rank.cache.blocks_for(length_at_end(slot)));
  if (slot.joined >= 0) {
    rank.cache.leave(tokens, clock_);
    rank.seen -= static_cast<double>(tokens);
    --rank.decoding;
    --decoding_;
  }
  held_tokens_ -= tokens;
  --rank.running;
  --running_;
  ++slot.stamp;
  free_slots_.push_back(number);
  if (rank.admitted.size() > 64 + 2 * index(rank.running))
    std::erase_if(rank.admitted, [&](const Held& held) { return !is_there(held); });
}

InstanceTotals& InstanceTotals::operator+=(const InstanceTotals& other) {
  iterations += other.iterations, decoding_iterations += other.decoding_iterations;
  preemptions += other.preemptions, admitted += other.admitted;
  prompt_tokens += other.prompt_tokens, output_tokens += other.output_tokens;
  most_running = std::max(most_running, other.most_running);
  busy += other.busy, parts += other.parts;
  request_time += other.request_time, cache_time += other.cache_time;
  token_gaps.add(other.token_gaps);
  return *this;
}

std::int64_t Instance::free_blocks() const {
  std::int64_t free = 0;
  for (const Rank& rank : ranks_) free += rank.cache.free();
  return free;
}

}  // namespace superpod::models
