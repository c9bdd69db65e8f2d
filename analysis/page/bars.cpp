#include "analysis/page/bars.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "analysis/page/bar_markup.hpp"
#include "analysis/page/columns.hpp"
#include "analysis/page/html.hpp"
#include "analysis/page/prose.hpp"
#include "analysis/page/quantity.hpp"

namespace superpod::analysis {
namespace {

constexpr double accounted = 1e-6;  // of the step: what rounding may leave unexplained

/// `57,344 links of 56 GB/s` for each class, as far as the table says so.
std::vector<std::string> link_descriptions(const Table& links) {
  const std::vector<double> count = numbers(links, "count"), bandwidth = numbers(links, "bandwidth");
  std::vector<std::string> out(links.rows());
  for (std::size_t i = 0; i < count.size(); ++i)
    out[i] = quantity(count[i], "") + (count[i] == 1 ? " link" : " links");
  for (std::size_t i = 0; i < bandwidth.size(); ++i)
    out[i] += (out[i].empty() ? "" : " of ") + quantity(bandwidth[i], "B/s");
  return out;
}

/// What fills the memory: every column of bytes that is neither the capacity nor a sum of others.
struct Parts {
  std::vector<std::string> names;
  std::vector<std::vector<double>> bytes;  ///< [part][stage]
  std::vector<double> totals;              ///< [stage]
};

Parts parts_of(const Table& memory) {
  Parts parts{{}, {}, std::vector<double>(memory.rows())};
  for (const Column& column : memory.columns) {
    if (column.unit != "B" || column.name == "capacity" || column.name == "total") continue;
    parts.names.push_back(column.name);
    parts.bytes.push_back(numbers(column));
    for (std::size_t i = 0; i < parts.bytes.back().size(); ++i) parts.totals[i] += parts.bytes.back()[i];
  }
  return parts;
}

std::string stacked(const Parts& parts, std::size_t stage, double whole, Colours& colours) {
  std::string out;
  double from = 0;
  for (std::size_t part = 0; part < parts.names.size(); ++part) {
    const double bytes = at(parts.bytes[part], stage);
    out += bar(colours.class_of(parts.names[part]), from / whole, bytes / whole);
    from += bytes;
  }
  return out;
}

std::string memory_legend(const Parts& parts, bool with_capacity, Colours& colours) {
  std::string out = "<ul class='legend'>";
  for (const std::string& name : parts.names)
    out += "<li><span class='key " + colours.class_of(name) + "'></span>" + isolated(words(name)) + "</li>";
  if (with_capacity) out += "<li><span class='key line'></span>capacity</li>";
  return out + "</ul>";
}

/// Computation, if it is among the causes and takes longer than at peak, becomes two causes, first of all:
/// what it would take at peak, and what the kernels take beyond.
void split_at_peak(double at_peak, std::vector<std::string>& causes, std::vector<std::string>& meanings,
                   std::vector<double>& times) {
  const auto compute = std::ranges::find(causes, "compute");
  if (compute == causes.end() || !(at_peak > 0)) return;
  const auto from = compute - causes.begin();
  if (at_peak >= times[static_cast<std::size_t>(from)]) return;
  meanings.resize(times.size());
  const double beyond = times[static_cast<std::size_t>(from)] - at_peak;
  causes.erase(compute), meanings.erase(meanings.begin() + from), times.erase(times.begin() + from);
  causes.insert(causes.begin(), {"compute at peak", "kernels below peak"});
  meanings.insert(meanings.begin(),
                  {"model FLOPs of the step at the peak rate of all NPUs (MFU times step time)",
                   "what kernels take beyond: shapes, memory, launches, recomputation"});
  times.insert(times.begin(), {at_peak, beyond});
}

}  // namespace

int Colours::of(const std::string& name) {
  if (name.find("bubble") != std::string::npos || name.find("idle") != std::string::npos ||
      name == "not explained")
    return 0;
  auto found = std::ranges::find(names_, name);
  if (found == names_.end()) found = names_.insert(names_.end(), name);
  return static_cast<int>((found - names_.begin()) % 8) + 1;
}

std::string waterfall(const Table& breakdown, const Step& of, Colours& colours) {
  std::vector<std::string> causes = row_names(breakdown), meanings = texts(breakdown, "meaning");
  std::vector<double> times = numbers(breakdown, "time");
  if (times.empty()) return "";
  const double step = of.time;
  const double sum = std::accumulate(times.begin(), times.end(), 0.0);
  if (step > 0 && std::abs(step - sum) > accounted * step) {
    causes.emplace_back("not explained");
    meanings.resize(times.size());
    meanings.emplace_back("step time less all causes above");
    times.push_back(step - sum);
  }
  split_at_peak(of.at_peak, causes, meanings, times);
  const double whole = step > 0 ? step : sum;
  std::vector<double> scaled = times;
  scaled.push_back(whole);
  const Scale scale = scale_of(scaled, "s");
  std::string out = bars_opening(breakdown.meaning, "Cause", "0 to " + quantity(whole, "s"),
                                 {{"Time", scale.unit}, {"Share", "%"}});
  double from = 0;
  for (std::size_t i = 0; i < times.size(); ++i) {
    out += bar_row({words(causes[i]),
                    at(meanings, i),
                    bar(colours.class_of(causes[i]), from / whole, times[i] / whole),
                    {digits(times[i], scale), percent(times[i] / whole)}});
    from += times[i];
  }
  out +=
      "</tbody><tfoot>" + bar_row({"Together", "", bar("whole", 0, 1), {digits(whole, scale), percent(1)}});
  return out + "</tfoot></table>\n";
}

std::string critical_path_bars(const Table& critical_path, Colours& colours) {
  const std::vector<std::string> causes = row_names(critical_path);
  const std::vector<double> times = numbers(critical_path, "time");
  if (times.empty()) return "";
  const double whole = std::accumulate(times.begin(), times.end(), 0.0);
  const double largest = *std::ranges::max_element(times);
  std::vector<std::size_t> order(times.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::ranges::greater{}, [&](std::size_t i) { return times[i]; });
  const Scale scale = scale_of(times, "s");
  std::string out = bars_opening(critical_path.meaning, "Cause", "0 to " + quantity(largest, "s"),
                                 {{"Time", scale.unit}, {"Share", "%"}});
  for (const std::size_t i : order)
    out += bar_row({causes[i],
                    "",
                    bar(colours.class_of(causes[i]), 0, times[i] / largest),
                    {digits(times[i], scale), percent(times[i] / whole)}});
  return out + "</tbody></table>\n";
}

std::string link_bars(const Table& links) {
  const std::vector<std::string> names = row_names(links), whats = link_descriptions(links);
  const std::vector<double> used = numbers(links, "utilisation"), busy = numbers(links, "busy");
  if (used.empty()) return "";
  std::string out =
      bars_opening(links.meaning, "Class of links", "0 to 100 %", {{"Used", "%"}, {"Busy", "%"}});
  for (std::size_t i = 0; i < names.size(); ++i)
    out += bar_row({names[i],
                    whats[i],
                    bar("pale", 0, at(busy, i)) + bar("c1", 0, used[i]),
                    {percent(used[i]), busy.empty() ? "n/a" : percent(busy[i])}});
  return out + "</tbody></table>\n";
}

std::string memory_bars(const Table& memory, Colours& colours) {
  const Parts parts = parts_of(memory);
  const std::vector<std::string> stages = row_names(memory);
  const std::vector<double> capacity = numbers(memory, "capacity");
  double whole = 0;
  for (const double bytes : parts.totals) whole = std::max(whole, bytes);
  for (const double bytes : capacity) whole = std::max(whole, bytes);
  if (!(whole > 0)) return "";
  const Scale scale = scale_of(parts.totals, "B");
  std::string out = memory_legend(parts, !capacity.empty(), colours) +
                    bars_opening(memory.meaning, "Stage", "0 to " + quantity(whole, "B"),
                                 {{"Used", scale.unit}, {"Of capacity", "%"}});
  for (std::size_t i = 0; i < stages.size(); ++i) {
    std::string stack = stacked(parts, i, whole, colours);
    if (!capacity.empty())
      stack += "<span class='capacity' style='--from:" + length(capacity[i] / whole) + "'></span>";
    out += bar_row({stages[i],
                    "",
                    stack,
                    {digits(parts.totals[i], scale),
                     capacity.empty() ? "n/a" : percent(parts.totals[i] / capacity[i])}});
  }
  return out + "</tbody></table>\n";
}

}  // namespace superpod::analysis
