#include "analysis/page/answer.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include "analysis/page/figure_text.hpp"
#include "analysis/page/html.hpp"
#include "analysis/page/quantity.hpp"

namespace superpod::analysis {
namespace {

std::string tile(const std::string& name, const std::string& value, const std::string& below,
                 const std::string& meaning) {
  return "<div class='tile'><dt>" + html(name) + "</dt><dd><span class='value'>" + value + "</span>" + below +
         "<span class='what'>" + isolated(meaning) + "</span></dd></div>\n";
}

/// `3.184 s` with a quieter unit.
std::string value_markup(const std::string& text) {
  const std::size_t gap = text.find("\u00A0");
  if (gap == std::string::npos) return html(text);
  return html(text.substr(0, gap)) + "<span class='unit'>" + html(text.substr(gap)) + "</span>";
}

}  // namespace

std::string tile(const Figure& figure) {
  const std::string interval = interval_text(figure);
  return tile(label(figure), value_markup(value_text(figure)),
              interval.empty() ? "" : "<span class='interval'>" + html(interval) + "</span>", figure.meaning);
}

namespace {

/// The fullest stage against the capacity of its NPU, from the figures.
std::string memory_tile(const Result& result) {
  const Figure* total = result.figure("memory_bytes.total");
  const Figure* capacity = result.figure("memory_bytes.capacity");
  if (total == nullptr) return "";
  if (capacity == nullptr || !(capacity->value > 0)) return tile(*total);
  const double share = total->value / capacity->value;
  return tile("Memory", value_markup(value_text(*total)),
              "<span class='track' style='--size:" + length(share) + "'></span><span class='interval'>" +
                  html(quantity(share, "") + " of " + value_text(*capacity)) + "</span>",
              total->meaning);
}

/// The figures that answer the question, in the order in which they are asked for; without any of them, the
/// first ones.
std::string tiles(const Result& result) {
  static const std::vector<const char*> of_a_plan{
      "time_to_train_s", "step_time_s", "mfu",      "goodput", "npus",      "cabinets",
      "floor_m2",        "power_w",     "energy_j", "cost",    "delivery_s"};
  static const std::vector<const char*> of_a_run{"step_time_s",
                                                 "time_s",
                                                 "throughput_tokens_per_s",
                                                 "throughput_tokens_per_s_per_npu",
                                                 "tokens_per_s",
                                                 "tokens_per_s_per_npu",
                                                 "ttft_s.p50",
                                                 "tpot_s.p50",
                                                 "goodput_requests_per_s",
                                                 "goodput",
                                                 "mfu",
                                                 "algorithm_bandwidth",
                                                 "bus_bandwidth",
                                                 "failures",
                                                 "npus",
                                                 "power_w"};
  const auto& asked = result.figure("time_to_train_s") == nullptr ? of_a_run : of_a_plan;
  std::string out;
  for (const char* key : asked)
    if (const Figure* figure = result.figure(key)) out += tile(*figure);
  constexpr std::size_t some = 6;
  if (out.empty())
    for (std::size_t i = 0; i < std::min(some, result.figures.size()); ++i) out += tile(result.figures[i]);
  out += memory_tile(result);
  return out.empty() ? "" : "<dl class='tiles'>\n" + out + "</dl>\n";
}

/// A number and its unit stay on one line.
std::string unbroken(std::string_view text) {
  const auto digit = [&](std::size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '9'; };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == ' ' && i > 0 && digit(i - 1) && !digit(i + 1))
      out += "\u00A0";
    else
      out += text[i];
  return out;
}

}  // namespace

std::string answer(const Result& result) {
  std::string subject = result.kind.empty() ? "" : html(words(result.kind));
  if (!result.system.empty()) subject += (subject.empty() ? "" : " on ") + isolated(result.system);
  return "<header>\n<p class='subject'><span class='product'>superpod</span> " + subject + "</p>\n<h1>" +
         isolated(result.name.empty() ? "Result without a name" : result.name) + "</h1>\n" +
         (result.verdict.empty() ? ""
                                 : "<p class='verdict'>" + isolated(unbroken(result.verdict)) + "</p>\n") +
         tiles(result) + "</header>\n";
}

}  // namespace superpod::analysis
