/// One serving engine at work: requests come, iterations follow each other, tokens leave.
#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <span>
#include <vector>

#include "models/serving/engine/cache_blocks.hpp"
#include "models/serving/engine/engine_rules.hpp"
#include "models/serving/engine/iteration_costs.hpp"
#include "models/serving/measures/log_histogram.hpp"
#include "sim/values/units.hpp"

namespace superpod::models {

/// A request as an engine sees it.
struct Incoming {
  std::uint32_t id = 0;  ///< the caller's number
  int input_tokens = 1, output_tokens = 1;
  bool cached = false;    ///< its prompt's keys and values come with it, and its first token ...
  Seconds first_token{};  ///< ... has left elsewhere
};

struct RequestEvent {
  enum class Kind { admitted, first_token, finished };
  Kind kind;
  std::uint32_t id;
  Seconds date;
};

/// Whether iterations that differ in nothing but their length are taken together, or each by itself. Both
/// give the same dates, to rounding.
enum class Stepping { jumps, each };

/// What an engine did up to now.
struct InstanceTotals {
  std::int64_t iterations = 0, decoding_iterations = 0, preemptions = 0, admitted = 0;
  std::int64_t prompt_tokens = 0, output_tokens = 0;  ///< computed, again where evicted; that left
  int most_running = 0;
  Seconds busy;
  IterationParts parts;       ///< of the busy time
  Seconds request_time;       ///< integral of the number of running requests over time
  Seconds cache_time;         ///< integral of the share of the caches that holds tokens over busy time
  LogHistogram token_gaps{};  ///< between two tokens of a request

  /// Of other instances as well; `most_running` is that of the one with most.
  InstanceTotals& operator+=(const InstanceTotals& other);
};

/// The state machine of an engine (engine_rules.hpp), iteration by iteration. Its ranks hold requests of
/// their own and go through each iteration together; a request goes to the rank that has fewest.
///
/// Between two changes - a request that ends or can be admitted, a block that is lacking - only the cached
/// tokens grow, evenly, so that all iterations up to the next one are one *stretch* whose length is a sum.
/// The caller drives it: at `end()` the stretch in flight is over.
///
/// Requests are admitted in the order in which they come. Where a cache is full, the request that was
/// admitted last is evicted, and its tokens are computed anew, before all that wait. A prompt takes its
/// blocks when it is admitted.
/// Leaves out: other orders of admission, swapping, the slot that an ended request wastes for an iteration
/// where these are scheduled ahead.
/// Source: the published rules of vLLM v1, SGLang and TensorRT-LLM (library/engines).
class Instance {
 public:
  struct Setting {
    const ServingEngine& rules;
    IterationCosts& costs;
    std::int64_t blocks = 0;  ///< of each rank's cache
    int ranks = 1;            ///< of attention data parallelism
    Stepping stepping = Stepping::jumps;
  };
  /// Rules and costs must outlive it.
  explicit Instance(const Setting& setting);

  /// A request comes, no earlier than what has happened. Throws std::invalid_argument when the cache never
  /// has room for it.
  void submit(const Incoming& request, Seconds now);

  /// The next iterations begin, unless some are in flight, or there is nothing to do.
  void begin(Seconds now);

  /// When the iterations in flight end; infinite: there are none.
  [[nodiscard]] Seconds end() const;

  /// They end. What has happened since the last call, in order; valid until the next.
  std::span<const RequestEvent> finish();

  [[nodiscard]] int running() const { return running_; }
  [[nodiscard]] int waiting() const { return waiting_; }
  [[nodiscard]] const InstanceTotals& totals() const { return totals_; }
  /// Blocks of all ranks that nobody holds.
  [[nodiscard]] std::int64_t free_blocks() const;

 private:
  struct Waiting {
    Incoming request;
    int prompt = 0, generated = 0;  // tokens to compute, and that left before
    std::int64_t visible = 0;       // from this iteration on
    Seconds last_token{};           // of one that was evicted
  };
  struct Slot {
    Incoming request;
    int prompt = 0, computed = 0, generated = 0;  // the last: when it began to decode
    int rank = 0;
    std::int64_t joined = -1;  // decode clock when it began to decode; -1: not yet
    std::uint32_t stamp = 0;   // differs for each request that the slot held
    Seconds last_token{};
  };
  struct Held {  // a slot as long as its request is there
    std::uint32_t slot, stamp;
  };
  struct Rank {
    CacheBlocks cache;
    std::deque<Waiting> waiting{};
    std::vector<std::uint32_t> prompts{};  // slots whose prompts are being computed
    std::vector<Held> admitted{};          // in order; some have left
    int running = 0, decoding = 0;
    double seen = 0;  // cached tokens of those that decode
  };
  struct Ending {
    std::int64_t clock;
    Held held;
    bool operator>(const Ending& other) const { return clock > other.clock; }
  };
  struct Chunk {
    std::uint32_t slot;
    int tokens, seen;
  };
  struct Stretch {
    bool in_flight = false, decodes = false;
    Seconds begin{}, first{}, growth{};  // iteration i takes first + i growth
    std::int64_t iterations = 0;
    IterationParts parts{};  // of the first, without the host's; attention grows by ...
    Seconds attention_growth{};

    [[nodiscard]] Seconds time_of(std::int64_t iterations) const;
    [[nodiscard]] std::int64_t iteration_at(Seconds after_begin) const;  // the one in flight, from 1
  };

  // choosing
  void choose();
  bool make_room(Rank& rank);
  void evict_last(Rank& rank);
  void choose_prompts(Rank& rank, int budget, bool admit_more);
  void admit_cached(Rank& rank);
  [[nodiscard]] bool admits(const Rank& rank, const Waiting& next) const;
  std::uint32_t admit(Rank& rank);
  void add_chunk(std::uint32_t slot, int& budget);
  [[nodiscard]] bool is_visible(const Waiting& next) const { return next.visible <= iteration_; }

  // timing
  void time_chunks();
  void time_decoding();
  [[nodiscard]] int padded(int batch) const;
  void set_time(const IterationParts& parts, Seconds attention_growth, Seconds host);
  [[nodiscard]] std::int64_t until_next_change();
  [[nodiscard]] std::int64_t until_longer(const Rank& rank, Seconds longest, Seconds growth);

  // ending
  void end_decoding(Seconds date);
  void end_chunks(Seconds date);
  void end_requests(Seconds date);
  void start_decoding(std::uint32_t slot);
  void release(std::uint32_t slot);
  [[nodiscard]] std::int64_t length(const Slot& slot) const;
  [[nodiscard]] std::int64_t length_at_end(const Slot& slot) const {
    return slot.request.input_tokens + slot.request.output_tokens - 1;
  }
  [[nodiscard]] bool is_there(const Held& held) const { return slots_[held.slot].stamp == held.stamp; }

  const ServingEngine& rules_;
  IterationCosts& costs_;
  Stepping stepping_;
  double capacity_;  // tokens that all caches have room for
  std::vector<Rank> ranks_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_slots_;
  std::vector<Ending> endings_;  // a heap, the first on top
  std::vector<Chunk> chunks_;
  std::vector<RequestEvent> events_, told_;
  std::vector<std::pair<Seconds, int>> joined_;  // since tokens last left: first tokens, and how many
  Stretch stretch_;
  std::int64_t iteration_ = 0, clock_ = 0;  // begun so far; decoding iterations that ended
  Seconds tokens_left_;                     // when tokens last left
  int running_ = 0, waiting_ = 0, decoding_ = 0;
  std::int64_t held_tokens_ = 0;  // in the caches, prompts that are computed included
  InstanceTotals totals_;
};

}  // namespace superpod::models
