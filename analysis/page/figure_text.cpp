#include "analysis/page/figure_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>
#include <utility>

#include "analysis/page/html.hpp"
#include "analysis/page/quantity.hpp"

namespace superpod::analysis {
namespace {

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
}

/// Short words as the field writes them, and units at the end of a key that stand beside the value already.
std::string spelled(std::string_view key) {
  std::string text = ' ' + words(key) + ' ';
  if (const std::size_t rate = text.rfind(" per s "); rate != std::string::npos)
    text.replace(rate, 7, " per second ");
  for (const std::string_view unit : {" s ", " w ", " j ", " m2 "})
    if (text.ends_with(unit)) text.erase(text.size() - unit.size() + 1);
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> spellings{{{" npu ", " NPU "},
                                                                                    {" npus ", " NPUs "},
                                                                                    {" mfu ", " MFU "},
                                                                                    {" hfu ", " HFU "},
                                                                                    {" ttft ", " TTFT "},
                                                                                    {" tpot ", " TPOT "},
                                                                                    {" hbm ", " HBM "},
                                                                                    {" rss ", " RSS "},
                                                                                    {" mtbf ", " MTBF "}}};
  for (const auto& [plain, written] : spellings) replace_all(text, plain, written);
  return text.substr(1, text.size() - 2);
}

Scale scale(const Figure& figure) {
  const std::array ends{figure.value, figure.interval ? figure.interval->first : figure.value,
                        figure.interval ? figure.interval->second : figure.value};
  constexpr double plain = 1e4;  // a rate below stands without prefix
  if (figure.unit != "1/s") return scale_of(ends, figure.unit);
  if (*std::ranges::max_element(ends) < plain) return {1, scale_of(ends, "1/s").decimals, unit(figure)};
  Scale common = scale_of(ends, "B");  // any unit with the prefixes of large numbers
  common.unit.pop_back();
  common.unit += (common.unit.empty() ? "" : "\u00A0") + unit(figure);
  return common;
}

}  // namespace

std::string label(const Figure& figure) {
  const std::size_t dot = figure.key.find('.');
  std::string group = figure.key.substr(0, dot);
  if (dot != std::string::npos && group.ends_with("_bytes")) group.erase(group.size() - 6);
  std::string text = spelled(group);
  if (dot != std::string::npos) text += ": " + spelled(figure.key.substr(dot + 1));
  return capitalised(text);
}

std::string label(const Column& column) { return capitalised(spelled(column.name)); }

std::string unit(const Figure& figure) {
  const std::string key = figure.key.substr(figure.key.find('.') + 1);
  const std::size_t per = key.find("_per_s");
  if (figure.unit != "1/s" || per == std::string::npos || per == 0) return symbol(figure.unit);
  const std::size_t noun = key.rfind('_', per - 1) + 1;  // npos + 1 is 0: the key starts with the noun
  std::string text = key.substr(noun, per - noun) + "/s" + key.substr(per + 6);
  replace_all(text, "_per_", "/");
  replace_all(text, "npu", "NPU");
  return words(text);
}

std::string value_text(const Figure& figure) { return quantity(figure.value, scale(figure)); }

std::string interval_text(const Figure& figure) {
  if (!figure.interval) return "";
  const Scale common = scale(figure);
  return digits(figure.interval->first, common) + " to " + digits(figure.interval->second, common) +
         (common.unit.empty() ? "" : "\u00A0" + common.unit);
}

std::string range_text(const std::pair<double, double>& ends, const Figure& like) {
  const Scale common = scale(like);
  const auto with_sign = [&](double value) {
    return (value < 0 ? "\u2212" : value > 0 ? "+" : "") + digits(std::abs(value), common);
  };
  return with_sign(ends.first) + (ends.first == ends.second ? "" : " to " + with_sign(ends.second)) +
         (common.unit.empty() ? "" : "\u00A0" + common.unit);
}

}  // namespace superpod::analysis
