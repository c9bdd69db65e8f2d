#include "analysis/page/network_section.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "analysis/page/bar_markup.hpp"
#include "analysis/page/bars.hpp"
#include "analysis/page/columns.hpp"
#include "analysis/page/html.hpp"
#include "analysis/page/level_picture.hpp"
#include "analysis/page/prose.hpp"
#include "analysis/page/quantity.hpp"
#include "analysis/page/table_markup.hpp"
#include "analysis/page/time_sections.hpp"

namespace superpod::analysis {
namespace {

/// The rows of the table `network`, column by column.
struct Links {
  explicit Links(const Table& table)
      : network{texts(table, "network")},
        level{texts(table, "level")},
        kind{texts(table, "kind")},
        link{texts(table, "link")},
        links{numbers(table, "links")},
        bandwidth{numbers(table, "bandwidth")},
        mean{numbers(table, "utilisation")},
        busiest{numbers(table, "busiest")} {}

  [[nodiscard]] bool whole() const {
    return !level.empty() && !kind.empty() && !network.empty() && !mean.empty() && !busiest.empty();
  }
  std::vector<std::string> network, level, kind, link;
  std::vector<double> links, bandwidth, mean, busiest;
};

LevelLinks::Shape shape_of(const std::string& kind) {
  if (kind == "up" || kind == "down") return LevelLinks::Shape::switched;
  return kind == "next" || kind == "previous" ? LevelLinks::Shape::ring : LevelLinks::Shape::mesh;
}

/// Links in both directions are one line, as hot as the hotter of them.
std::vector<LevelLinks> drawn(const Links& links, const std::string& level) {
  std::vector<LevelLinks> out;
  for (std::size_t i = 0; i < links.level.size(); ++i) {
    if (links.level[i] != level) continue;
    const LevelLinks one{links.network[i], shape_of(links.kind[i]), links.busiest[i]};
    const auto same = std::ranges::find_if(out, [&](const LevelLinks& other) {
      return other.network == one.network && other.shape == one.shape;
    });
    if (same == out.end())
      out.push_back(one);
    else
      same->busiest = std::max(same->busiest, one.busiest);
  }
  return out;
}

std::string what(const Links& links, std::size_t row) {
  std::string out = row < links.links.size()
                        ? quantity(links.links[row], "") + (links.links[row] == 1 ? " link" : " links")
                        : "";
  if (row < links.bandwidth.size())
    out += (out.empty() ? "" : " of ") + quantity(links.bandwidth[row], "B/s");
  return out;
}

std::string link_rows(const Links& links, const std::string& level) {
  std::string out = bars_opening("Use of the links that join units of level " + level, "Links",
                                 "0 to 100 % used", {{"Mean", "%"}, {"Busiest", "%"}});
  for (std::size_t i = 0; i < links.level.size(); ++i)
    if (links.level[i] == level)
      out += bar_row({links.link.empty() ? links.network[i] + " " + links.kind[i] : links.link[i],
                      what(links, i),
                      bar(heat_class(links.mean[i]), 0, links.mean[i]) +
                          (links.busiest[i] > 0 ? upright("capacity", links.busiest[i]) : ""),
                      {percent(links.mean[i]), percent(links.busiest[i])}});
  return out + "</tbody></table>";
}

std::string plural(const std::string& name, double count) {
  const std::string number = quantity(count, "") + " ";
  if (count == 1) return number + name;
  const bool hisses = name.ends_with("s") || name.ends_with("x") || name.ends_with("ch");
  return number + name + (hisses ? "es" : "s");
}

/// A level and those within it, the outermost first.
std::string levels(const Links& links, const std::vector<std::string>& names,
                   const std::vector<double>& counts, std::size_t from) {
  if (from == names.size()) return "";
  const std::vector<LevelLinks> some = drawn(links, names[from]);
  const std::string inside = from == 0 ? "" : " in each " + names[from - 1];
  const std::string title = plural(names[from], counts[from]) + inside;
  std::string alternative = title;
  for (const LevelLinks& one : some)
    alternative += "; joined by " + one.network + ", busiest link " + percent(one.busiest) + " % used";
  const int units = static_cast<int>(std::min(counts[from], 1e6));
  std::string out = "<div class='fabric-level'><h3>" + isolated(capitalised(title)) + "</h3>";
  if (!some.empty())
    out += "<div class='fabric-links'>" + level_picture(units, some, alternative) +
           link_rows(links, names[from]) + "</div>";
  else
    out += "<p class='lead'>Not joined at this level: the network above reaches further in.</p>";
  return out + levels(links, names, counts, from + 1) + "</div>";
}

std::string picture(const Result& result) {
  const Table *network = result.shown_as(View::fabric), *level = result.shown_as(View::levels);
  if (network == nullptr || level == nullptr) return "";
  const Links links{*network};
  const std::vector<std::string> names = texts(*level, "level");
  const std::vector<double> counts = numbers(*level, "count");
  if (!links.whole() || names.empty() || counts.empty()) return "";
  return lead(*network) +
         legend({{"use-0", "idle"},
                 {"use-1", "to 20 %"},
                 {"use-2", "to 40 %"},
                 {"use-3", "to 60 %"},
                 {"use-4", "to 80 %"},
                 {"use-5", "above 80 % used"},
                 {"line", "the busiest link"}}) +
         "<div class='fabric'>" + levels(links, names, counts, 0) + "</div>\n";
}

std::string classes(const Table& links) {
  return lead(links) +
         legend({{"c1", "used: bytes carried over what fits into the run"},
                 {"pale", "busy: share of the run in which something is sent"}}) +
         link_bars(links);
}

}  // namespace

std::string network_section(const Result& result) {
  const Table* links = result.shown_as(View::links);
  std::string out = picture(result);
  if (links == nullptr || links->rows() == 0) return out;
  if (out.empty()) out = classes(*links);
  return out + link_use_over_time(result) + folded_table(*links, "All numbers of the links");
}

}  // namespace superpod::analysis
