#include "scenarios/answers/summary.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "sim/values/quantity_text.hpp"

namespace superpod::scenarios {
namespace {

using analysis::Figure;
using analysis::Result;

std::string quantity(double value, const std::string& unit) {
  if (unit == "s") return text(Seconds{value});
  if (unit == "B") return text(Bytes{value});
  if (unit == "B/s") return text(BytesPerSecond{value});
  if (unit == "1/s") return si(value, "/s");
  return si(value, unit);
}

std::string padded(std::string words, std::size_t width) {
  if (words.size() < width) words.append(width - words.size(), ' ');
  return words;
}

std::string percent(double share) {
  const std::string digits = percent_text(share);
  return std::string(digits.size() < 7 ? 7 - digits.size() : 0, ' ') + digits;
}

std::string bar(double share) {
  return std::string(static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * 40 + 0.5), '#');
}

/// Rows of the figures whose key begins with `group.`, each with its share of `whole`; none for nothing.
std::string shares(const Result& result, const std::string& group, const std::string& title, double whole) {
  std::string out;
  for (const Figure& figure : result.figures) {
    if (!figure.key.starts_with(group + ".") || figure.value == 0) continue;
    std::string name = figure.key.substr(group.size() + 1);
    std::ranges::replace(name, '_', ' ');
    if (name == "total" || name == "capacity") continue;
    out += "  " + padded(name, 22) + padded(quantity(figure.value, figure.unit), 12) +
           percent(figure.value / whole) + "  " + bar(figure.value / whole) + "\n";
  }
  return out.empty() ? out : "\n" + title + "\n" + out;
}

/// `tokens_per_s_per_npu` -> `tokens per s per NPU`; a figure in seconds loses the unit in its name.
std::string name_of(const Figure& figure) {
  if (figure.key == "npus") return "NPUs";
  if (figure.key == "mfu") return "MFU";
  std::string name = figure.key;
  for (const auto& [unit, ending] : {std::pair{"s", "_s"}, {"W", "_w"}, {"J", "_j"}, {"m2", "_m2"}})
    if (figure.unit == unit && name.ends_with(ending))
      name.resize(name.size() - std::string_view{ending}.size());
  if (name.ends_with("_npu")) name.replace(name.size() - 3, 3, "NPU");
  std::ranges::replace(name, '_', ' ');
  return name;
}

bool is_plain(const Figure& figure) { return figure.key.find('.') == std::string::npos; }

std::string plain_figures(const Result& result) {
  std::string out;
  std::size_t widest = 20;
  for (const Figure& figure : result.figures)
    if (is_plain(figure)) widest = std::max(widest, name_of(figure).size());
  for (const Figure& figure : result.figures) {
    if (!is_plain(figure)) continue;
    std::string value = figure.key == "mfu" ? percent(figure.value) : quantity(figure.value, figure.unit);
    value.erase(0, value.find_first_not_of(' '));
    if (result.figure("not_known." + figure.key)) value.insert(0, "at least ");
    out += "  " + padded(name_of(figure), widest + 2) + value + "\n";
  }
  return out;
}

/// Mean and quantiles of what each request took, where requests were served.
std::string latencies(const Result& result) {
  constexpr std::array columns{"mean", "p50", "p90", "p95", "p99"};
  std::string out;
  for (const auto& [key, name] : {std::pair{"ttft_s", "time to first token"},
                                  {"tpot_s", "time for each token"},
                                  {"itl_s", "between two tokens"},
                                  {"e2el_s", "end to end"},
                                  {"queue_time_s", "in the queue"},
                                  {"transfer_time_s", "keys and values"},
                                  {"decode_queue_time_s", "in the second queue"}}) {
    if (!result.figure(key + std::string{".mean"})) continue;
    out += "  " + padded(name, 22);
    for (const char* column : columns)
      out += padded(quantity(result.figure(key + std::string{"."} + column)->value, "s"), 12);
    out += "\n";
  }
  if (out.empty()) return out;
  std::string head = "  " + padded("", 22);
  for (const char* column : columns) head += padded(column, 12);
  return "\nLatencies of requests\n" + head + "\n" + out;
}

double sum_of(const Result& result, const std::string& group) {
  double sum = 0;
  for (const Figure& figure : result.figures)
    if (figure.key.starts_with(group + ".")) sum += figure.value;
  return sum;
}

/// What is dead, slow or different, where there is any of it.
std::string faults(const Result& result) {
  constexpr std::string_view group = "faults.";
  std::string out;
  for (const Figure& figure : result.figures) {
    if (!figure.key.starts_with(group) || figure.value == 0) continue;
    std::string name = figure.key.substr(group.size());
    std::ranges::replace(name, '_', ' ');
    if (name.find("npus") != std::string::npos) name.replace(name.find("npus"), 4, "NPUs");
    out += "  " + padded(name, 22) + quantity(figure.value, figure.unit) + "\n";
  }
  return out.empty() ? out : "\nFaults\n" + out;
}

/// How many inputs have each grade.
std::string grades(const Result& result) {
  std::map<std::string, int> counts;
  for (const auto& input : result.provenance)
    if (!input.grade.empty()) ++counts[input.grade];
  std::string out;
  for (const char* grade : std::array{"measured", "published", "derived", "assumed"})
    if (counts.contains(grade))
      out += (out.empty() ? "" : ", ") + std::to_string(counts[grade]) + " " + grade;
  return out.empty() ? out : "\nInputs: " + out + " (superpod explain prints them)\n";
}

}  // namespace

std::string wrapped(const std::string& words, std::size_t width) {
  std::string out;
  std::size_t column = 0;
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t end = std::min(words.find(' ', at), words.size());
    if (column > 0 && column + 1 + end - at > width) {
      out += '\n';
      column = 0;
    }
    if (column > 0) out += ' ';
    column += (column > 0 ? 1 : 0) + end - at;
    out += words.substr(at, end - at);
    at = end + 1;
  }
  return out + "\n";
}

std::string summary(const Result& result) {
  std::string out = result.name + " (" + result.system + ", " + result.engine + ")\n\n" +
                    wrapped(result.verdict, 100) + "\n";
  out += plain_figures(result);
  if (const Figure* step = result.figure("step_time_s"))
    out += shares(result, "breakdown_s", "Where the step goes (mean over NPUs)", step->value) +
           shares(result, "phases_s", "Passes of the step (mean over NPUs)", step->value);
  const std::string of_requests = latencies(result);
  out += of_requests;
  if (!of_requests.empty())
    out += shares(result, "breakdown_s", "Where the time of an instance goes (mean over instances)",
                  sum_of(result, "breakdown_s"));
  if (const Figure* capacity = result.figure("memory_bytes.capacity")) {
    const double total = result.figure("memory_bytes.total")->value;
    out += shares(result, "memory_bytes",
                  "Memory of the fullest NPU: " + text(Bytes{total}) + " of " + text(Bytes{capacity->value}),
                  capacity->value);
  }
  return out + faults(result) + grades(result);
}

}  // namespace superpod::scenarios
