/// What an instance's next iterations work on, and how long they take.
#include <algorithm>
#include <cmath>

#include "models/serving/engine/instance.hpp"
#include "sim/values/index.hpp"

namespace superpod::models {

void Instance::choose() {
  const bool mixed = rules_.order == BatchOrder::mixed;
  bool evicted = false;
  for (Rank& rank : ranks_) admit_cached(rank);
  if (!mixed)
    for (Rank& rank : ranks_) choose_prompts(rank, rules_.token_budget.value, true);
  stretch_.decodes = decoding_ > 0 && (mixed || chunks_.empty());
  for (Rank& rank : ranks_) {
    const bool lacked_room = stretch_.decodes && make_room(rank);
    evicted = evicted || lacked_room;
    if (stretch_.decodes) rank.cache.grow(clock_, 1);
    if (mixed) choose_prompts(rank, rules_.token_budget.value - rank.decoding, !lacked_room);
  }
  stretch_.decodes = decoding_ > 0 && (mixed || chunks_.empty());
  if (!chunks_.empty()) return time_chunks();
  time_decoding();
  if (evicted) stretch_.iterations = 1;  // who waits may be admitted in the next
}

/// Those whose prompt was computed elsewhere decode at once, where there is room for a token more.
void Instance::admit_cached(Rank& rank) {
  while (!rank.waiting.empty() && rank.waiting.front().request.cached &&
         rank.waiting.front().prompt == rank.waiting.front().request.input_tokens &&
         is_visible(rank.waiting.front()) && admits(rank, rank.waiting.front())) {
    joined_.emplace_back(rank.waiting.front().request.first_token, 1);
    start_decoding(admit(rank));
  }
}

/// Evicts until those that decode can grow. Whether it had to.
bool Instance::make_room(Rank& rank) {
  bool evicted = false;
  for (; rank.cache.needed(clock_, 1) > rank.cache.free(); evicted = true) evict_last(rank);
  return evicted;
}

void Instance::evict_last(Rank& rank) {
  while (!is_there(rank.admitted.back())) rank.admitted.pop_back();
  const std::uint32_t number = rank.admitted.back().slot;
  rank.admitted.pop_back();
  const Slot& slot = slots_[number];
  const int generated = slot.generated + static_cast<int>(slot.joined < 0 ? 0 : clock_ - slot.joined);
  Waiting again{.request = slot.request,
                .prompt = slot.request.input_tokens + generated,
                .generated = generated,
                .visible = iteration_,
                .last_token = slot.joined < 0 ? slot.last_token : tokens_left_};
  again.request.cached = false;
  std::erase(rank.prompts, number);
  release(number);
  rank.waiting.push_front(again);
  ++waiting_;
  ++totals_.preemptions;
}

bool Instance::admits(const Rank& rank, const Waiting& next) const {
  const std::int64_t at_end = next.request.input_tokens + next.request.output_tokens - 1;
  const std::int64_t now = next.prompt + (next.request.cached ? 1 : 0);
  return rank.running < rules_.max_running.value &&
         rank.cache.has_room(rank.cache.blocks_for(now), rank.cache.blocks_for(at_end),
                             rules_.reserve_share.value);
}

std::uint32_t Instance::admit(Rank& rank) {
  const Waiting next = rank.waiting.front();
  rank.waiting.pop_front();
  --waiting_;
  if (free_slots_.empty()) {
    free_slots_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t number = free_slots_.back();
  free_slots_.pop_back();
  Slot& slot = slots_[number];
  slot = {.request = next.request,
          .prompt = next.prompt,
          .generated = next.generated,
          .rank = static_cast<int>(&rank - ranks_.data()),
          .stamp = slot.stamp,
          .last_token = next.last_token};
  rank.cache.take(rank.cache.blocks_for(next.prompt), rank.cache.blocks_for(length_at_end(slot)));
  rank.admitted.push_back({number, slot.stamp});
  held_tokens_ += next.prompt;
  ++rank.running;
  ++running_;
  if (next.generated == 0 || next.request.cached) {
    ++totals_.admitted;
    events_.push_back({RequestEvent::Kind::admitted, next.request.id, stretch_.begin});
  }
  return number;
}

void Instance::choose_prompts(Rank& rank, int budget, bool admit_more) {
  for (const std::uint32_t slot : rank.prompts)
    if (budget > 0) add_chunk(slot, budget);
  const int whole_budget = rules_.token_budget.value;
  while (admit_more && budget > 0 && !rank.waiting.empty()) {
    const Waiting& next = rank.waiting.front();
    const bool fits = rules_.chunked_prefill || next.prompt <= budget ||
                      (next.prompt > whole_budget && budget == whole_budget);
    if (!fits || !is_visible(next) || !admits(rank, next)) return;
    rank.prompts.push_back(admit(rank));
    add_chunk(rank.prompts.back(), budget);
  }
}

void Instance::add_chunk(std::uint32_t number, int& budget) {
  const Slot& slot = slots_[number];
  const int rest = slot.prompt - slot.computed;
  const int tokens = rules_.chunked_prefill ? std::min(rest, budget) : rest;
  chunks_.push_back({number, tokens, slot.computed});
  budget -= tokens;
}

/// An iteration with prompts in it.
void Instance::time_chunks() {
  int most = 0, all = 0, most_outputs = 0;
  Seconds attention;
  std::size_t c = 0;
  for (const Rank& rank : ranks_) {  // chunks lie rank by rank
    int tokens = stretch_.decodes ? rank.decoding : 0, outputs = tokens;
    Seconds of_rank = tokens > 0 ? costs_.of_decoding(tokens, rank.seen).time : Seconds{};
    for (; c < chunks_.size() && slots_[chunks_[c].slot].rank == &rank - ranks_.data(); ++c) {
      const Chunk& chunk = chunks_[c];
      tokens += chunk.tokens;
      outputs += chunk.seen + chunk.tokens == slots_[chunk.slot].prompt ? 1 : 0;
      of_rank += costs_.of_prefill(chunk.tokens, chunk.seen);
    }
    most = std::max(most, tokens), all += tokens, most_outputs = std::max(most_outputs, outputs);
    attention = std::max(attention, of_rank);
  }
  IterationParts parts = costs_.of_tokens(most, all);
  parts.attention += attention;
  if (most_outputs > 0) parts.head += costs_.of_outputs(most_outputs);
  set_time(parts, Seconds{}, costs_.on_host(running_, all));
}

int Instance::padded(int batch) const {
  const auto next = std::ranges::lower_bound(rules_.graph_batches, batch);
  return next == rules_.graph_batches.end() ? batch : *next;
}

/// Iterations of those that decode alone, up to the next that differs from the one before in more than its
/// length.
void Instance::time_decoding() {
  int most = 0;
  AttentionLine longest{.time = Seconds{-1}};
  double growth_of_longest = 0;
  std::int64_t limit = until_next_change();
  for (const Rank& rank : ranks_) {
    if (rank.decoding == 0) continue;
    most = std::max(most, rank.decoding);
    const AttentionLine line = costs_.of_decoding(rank.decoding, rank.seen);
    const double steps = std::floor((line.until - rank.seen) / rank.decoding) + 1;
    if (steps < static_cast<double>(limit))
      limit = std::max(std::int64_t{1}, static_cast<std::int64_t>(steps));
    if (line.time > longest.time) longest = line, growth_of_longest = rank.decoding;
  }
  const Seconds growth = growth_of_longest * longest.per_token;
  if (ranks_.size() > 1)
    for (const Rank& rank : ranks_) limit = std::min(limit, until_longer(rank, longest.time, growth));
  stretch_.iterations = limit;
  const int batch = padded(most);
  IterationParts parts = costs_.of_tokens(batch, ranks_.size() == 1 ? batch : decoding_);
  parts.attention += longest.time;
  parts.head += costs_.of_outputs(batch);
  set_time(parts, growth, costs_.on_host(decoding_, decoding_));
}

/// Iterations for which a rank's attention does not last longer than the longest, which grows as well.
std::int64_t Instance::until_longer(const Rank& rank, Seconds longest, Seconds growth) {
  if (rank.decoding == 0) return std::numeric_limits<std::int64_t>::max();
  const AttentionLine line = costs_.of_decoding(rank.decoding, rank.seen);
  const Seconds faster = rank.decoding * line.per_token - growth;
  if (faster <= Seconds{}) return std::numeric_limits<std::int64_t>::max();
  const double steps = std::floor((longest - line.time) / faster) + 1;
  return steps < 1e15 ? std::max(std::int64_t{1}, static_cast<std::int64_t>(steps))
                      : std::numeric_limits<std::int64_t>::max();
}

/// Until a request ends or joins, or blocks run out.
std::int64_t Instance::until_next_change() {
  if (stepping_ == Stepping::each) return 1;
  while (!is_there(endings_.front().held)) {
    std::ranges::pop_heap(endings_, std::greater{});
    endings_.pop_back();
  }
  std::int64_t limit = endings_.front().clock - clock_;
  for (const Rank& rank : ranks_) {
    if (!rank.waiting.empty() && !is_visible(rank.waiting.front()))
      limit = std::min(limit, rank.waiting.front().visible - iteration_);
    if (limit > 1) limit = 1 + rank.cache.room_for(clock_ + 1, limit - 1);
  }
  return limit;
}

/// The device's parts, of which attention grows from iteration to iteration, and the host's time. While the
/// host takes longer, all iterations are alike.
void Instance::set_time(const IterationParts& parts, Seconds attention_growth, Seconds host) {
  const Seconds device = parts.total();
  stretch_.parts = parts;
  stretch_.attention_growth = attention_growth;
  stretch_.first = rules_.host.overlapped ? device : device + host;
  stretch_.growth = attention_growth;
  if (!rules_.host.overlapped || device >= host) return;
  stretch_.first = host;
  stretch_.growth = Seconds{};
  if (attention_growth <= Seconds{}) return;
  const double hidden = std::ceil((host - device) / attention_growth);
  if (hidden < static_cast<double>(stretch_.iterations))
    stretch_.iterations = std::max(std::int64_t{1}, static_cast<std::int64_t>(hidden));
}

}  // namespace superpod::models
