#include "models/serving/requests/request_stream.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace superpod::models {
namespace {

enum class Purpose : std::uint32_t { arrivals = 1, inputs = 2, outputs = 3 };

Random numbers(StreamSeed seed, Purpose purpose) {
  constexpr std::uint32_t requests = 0x72717374U;  // tells these numbers from those of faults
  return {seed.seed, std::array{requests, static_cast<std::uint32_t>(purpose), seed.instance}};
}

template <class OpenLoad>
std::optional<Arrivals> arrivals(const OpenLoad& load, StreamSeed seed) {
  return Arrivals{load, numbers(seed, Purpose::arrivals)};
}
std::optional<Arrivals> arrivals(const ClosedLoad&, StreamSeed) { return std::nullopt; }
std::optional<Arrivals> arrivals(const RecordedLoad&, StreamSeed) { return std::nullopt; }

std::int64_t count(const Requests& requests, std::span<const Request> trace) {
  const std::int64_t wanted = requests.stop.requests.value_or(std::numeric_limits<std::int64_t>::max());
  const auto* source = std::get_if<TraceRequests>(&requests.source);
  if (!source) return wanted;
  const auto there = static_cast<std::int64_t>(trace.size());
  return std::min({wanted, there, source->first.value_or(there)});
}

}  // namespace

RequestStream::RequestStream(const Requests& requests, StreamSeed seed, std::span<const Request> trace)
    : source_{requests.source},
      arrivals_{std::visit([&](const auto& load) { return arrivals(load, seed); }, requests.load)},
      trace_{trace},
      inputs_{numbers(seed, Purpose::inputs)},
      outputs_{numbers(seed, Purpose::outputs)},
      left_{count(requests, trace)},
      end_{requests.stop.time.value_or(never)} {
  if (const auto* recorded = std::get_if<RecordedLoad>(&requests.load)) time_scale_ = recorded->time_scale;
}

Seconds RequestStream::next_date() {
  if (arrivals_) return arrivals_->next();
  if (time_scale_ && !trace_.empty()) return *time_scale_ * trace_.front().arrival;
  return never;
}

std::optional<Request> RequestStream::next() {
  if (left_ == 0) return std::nullopt;
  const Seconds date = next_date();
  return date < never ? next_at(date) : std::nullopt;
}

std::optional<Request> RequestStream::next_at(Seconds date) {
  if (date >= end_) left_ = 0;
  if (left_ == 0) return std::nullopt;
  --left_;
  if (const auto* drawn = std::get_if<SyntheticRequests>(&source_))
    return Request{date, draw(drawn->input_tokens, inputs_), draw(drawn->output_tokens, outputs_)};
  Request request = trace_.front();
  trace_ = trace_.subspan(1);
  request.arrival = date;
  return request;
}

}  // namespace superpod::models
