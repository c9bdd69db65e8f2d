#include "scenarios/traces/trace_format.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

namespace superpod::scenarios {
namespace {

std::optional<Moment> moment(double seconds) {
  constexpr double most = 1e12;  // 30,000 years
  if (!(std::abs(seconds) <= most)) return std::nullopt;
  const double whole = std::floor(seconds);
  return Moment{static_cast<std::int64_t>(whole), seconds - whole};
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Moment> in_seconds(std::string_view text) {
  const auto value = number(text);
  return value ? moment(*value) : std::nullopt;
}

std::optional<Moment> in_milliseconds(std::string_view text) {
  const auto value = number(text);
  return value ? moment(*value / 1000) : std::nullopt;
}

/// So many digits from the front, and the mark behind them where there is to be one.
std::optional<int> take(std::string_view& text, std::size_t digits, std::string_view marks = {}) {
  int value = 0;
  if (text.size() < digits + (marks.empty() ? 0 : 1)) return std::nullopt;
  for (const char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = 10 * value + (c - '0');
  }
  if (!marks.empty() && marks.find(text[digits]) == std::string_view::npos) return std::nullopt;
  text.remove_prefix(digits + (marks.empty() ? 0 : 1));
  return value;
}

/// `+01:30` as seconds, `Z` or nothing as 0.
std::optional<int> offset(std::string_view text) {
  if (text.empty() || text == "Z") return 0;
  if (text.front() != '+' && text.front() != '-') return std::nullopt;
  const int sign = text.front() == '+' ? 1 : -1;
  text.remove_prefix(1);
  const auto hours = take(text, 2, ":"), minutes = take(text, 2);
  if (!hours || !minutes || !text.empty() || *hours > 14 || *minutes > 59) return std::nullopt;
  return sign * (*hours * 3600 + *minutes * 60);
}

/// `2023-11-16 18:15:46.6805900`, with `T` for the blank and an offset from UTC at the end where they are
/// written.
std::optional<Moment> by_calendar(std::string_view text) {
  using namespace std::chrono;
  const auto year_ = take(text, 4, "-"), month_ = take(text, 2, "-"), day_ = take(text, 2, " T");
  const auto hours_ = take(text, 2, ":"), minutes_ = take(text, 2, ":"), seconds_ = take(text, 2);
  if (!year_ || !month_ || !day_ || !hours_ || !minutes_ || !seconds_) return std::nullopt;
  const year_month_day date{year{*year_}, month(static_cast<unsigned>(*month_)),
                            day(static_cast<unsigned>(*day_))};
  if (!date.ok() || *hours_ > 23 || *minutes_ > 59 || *seconds_ > 60)
    return std::nullopt;  // 60: a leap second
  double rest = 0;
  if (text.starts_with('.')) {
    const std::size_t end = std::min(text.find_first_not_of("0123456789", 1), text.size());
    const auto fraction = number(text.substr(0, end));
    if (!fraction) return std::nullopt;
    rest = *fraction;
    text.remove_prefix(end);
  }
  const auto from_utc = offset(text);
  if (!from_utc) return std::nullopt;
  const std::int64_t days = sys_days{date}.time_since_epoch().count();
  return Moment{days * 86'400 + *hours_ * 3600 + *minutes_ * 60 + *seconds_ - *from_utc, rest};
}

}  // namespace

Seconds between(const Moment& earlier, const Moment& later) {
  return Seconds{static_cast<double>(later.seconds - earlier.seconds) + (later.rest - earlier.rest)};
}

TraceColumns columns_of(models::TraceFormat format) {
  static constexpr std::array<TraceColumns, 4> all{{
      {"azure",
       "TIMESTAMP",
       "ContextTokens",
       "GeneratedTokens",
       {},
       0,
       false,
       by_calendar,
       "2023-11-16 18:15:46.6805900"},
      {"mooncake", "timestamp", "input_length", "output_length", "hash_ids", 512, false, in_milliseconds,
       "milliseconds: 3000"},
      {"burstgpt", "Timestamp", "Request tokens", "Response tokens", {}, 0, true, in_seconds, "seconds: 3.5"},
      {"own", "arrival_s", "input_tokens", "output_tokens", {}, 0, false, in_seconds, "seconds: 3.5"},
  }};
  return all[static_cast<std::size_t>(format)];
}

}  // namespace superpod::scenarios
