#include "topology/pictures/drawing.hpp"

#include <algorithm>
#include <sstream>

#include "sim/values/index.hpp"
#include "sim/values/quantity_text.hpp"
#include "topology/pictures/canvas.hpp"
#include "topology/pictures/diagrams.hpp"

namespace superpod::topology {
namespace {

constexpr double page = 560, margin = 12, padding = 18, line_height = 21, between = 34;
constexpr double inside = page - 2 * margin - 2 * padding;
constexpr double font = 16;  // of the text in panels, see the style

constexpr std::string_view style = R"(
.fabric{--ink:#1b2430;--soft:#566275;--page:#ffffff;--panel:#f5f7fa;--edge:#cfd6df;--npu:#31445e;--unit:#ffffff;--zoom:#31445e1c;
--n0:#0b6bcb;--n1:#c2410c;--n2:#15803d;--n3:#8b2fc9;--n4:#b3261e;--n5:#0f766e;font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
@media (prefers-color-scheme:dark){.fabric{--ink:#e8edf4;--soft:#a3afc0;--page:#10151c;--panel:#1a212b;--edge:#3a4657;--npu:#b9c7da;--unit:#10151c;
--zoom:#b9c7da1f;--n0:#6cb4ff;--n1:#ff9f5f;--n2:#63d68b;--n3:#cf9bff;--n4:#ff8f85;--n5:#4fd1c5}}
.fabric text{fill:var(--ink);font-size:16px}
.fabric .title{font-size:23px;font-weight:700}
.fabric .heading{font-size:18px;font-weight:650}
.fabric .soft{fill:var(--soft)}
.fabric .label{font-size:15px}
.fabric .middle{text-anchor:middle}
.fabric .end{text-anchor:end}
.fabric .strong{font-weight:650}
.fabric .page{fill:var(--page)}
.fabric .panel{fill:var(--panel);stroke:var(--edge)}
.fabric .zoom{fill:var(--zoom)}
.fabric .inset{fill:var(--page);stroke:var(--edge)}
.fabric .n0{color:var(--n0)}.fabric .n1{color:var(--n1)}.fabric .n2{color:var(--n2)}
.fabric .n3{color:var(--n3)}.fabric .n4{color:var(--n4)}.fabric .n5{color:var(--n5)}
.fabric .link{stroke:currentColor;stroke-width:1.4;fill:none;opacity:.75}
.fabric .faint{opacity:.32}
.fabric .dashed{stroke-dasharray:3 4}
.fabric .switch{fill:var(--page);stroke:currentColor;stroke-width:2}
.fabric .passage{fill:var(--page);stroke:currentColor;stroke-width:1.4;stroke-dasharray:5 4}
.fabric .rail,.fabric .joint,.fabric .swatch{fill:currentColor}
.fabric .npu{fill:var(--npu);stroke:var(--panel);stroke-width:1}
.fabric .unit{fill:var(--unit);stroke:var(--npu);stroke-width:1.4}
.fabric .opened{stroke:var(--ink);stroke-width:3}
.fabric .dot,.fabric .more{fill:var(--npu)}
.fabric .gap{fill:var(--panel)}
)";

/// A quantity whose number and unit stay on one line.
template <class Quantity>
std::string figure(Quantity quantity) {
  std::string words = superpod::text(quantity);
  const std::size_t blank = words.find(' ');
  return blank == std::string::npos ? words : words.replace(blank, 1, "\u00a0");
}

std::string plural(const std::string& name, double count) {
  if (count == 1 || name.size() < 3) return name;
  const bool hisses = name.ends_with('s') || name.ends_with('x') || name.ends_with("ch");
  return name + (hisses ? "es" : "s");
}

std::string counted(const std::string& name, double count) {
  return grouped(count) + " " + plural(name, count);
}

std::string dimensions(const Wiring& wiring, int outer, int inner) {
  std::string result;
  for (int level = outer; level <= inner; ++level)
    result += (level == outer ? "" : " × ") +
              counted(wiring.fabric().levels[index(level)].name, wiring.count(level));
  return result;
}

/// What one NPU can send through a network, and over how many ports.
struct Share {
  BytesPerSecond bandwidth;
  double ports = 0;
};

Share share_of(const Wiring& wiring, int network) {
  Share share;
  const double npus = wiring.members(wiring.node_families().front());
  for (const LinkFamily& family : wiring.link_families())
    if (family.network == network && family.from == 0) {
      const double links = wiring.members(family) / npus;
      share.ports += links * family.cables;
      share.bandwidth += links * family.bandwidth;
    }
  return share;
}

/// One picture of a panel: a network, and of a Clos one level of it.
struct Stage {
  int network = 0;
  int outer = 0, inner = 0;  // levels that it shows
};

std::vector<Stage> stages(const Wiring& wiring) {
  std::vector<Stage> result;
  for (int level = 0; level < wiring.levels(); ++level) {
    const int network = wiring.network_of(level);
    const bool clos = std::holds_alternative<Clos>(wiring.fabric().networks[index(network)]);
    if (!clos && !result.empty() && result.back().network == network)
      result.back().inner = level;
    else
      result.push_back({network, level, level});
  }
  return result;
}

std::string kind_words(const Wiring&, const Stage& stage, const FullMesh& mesh) {
  const int levels = stage.inner - stage.outer + 1;
  return (levels > 1 ? std::to_string(levels) + "D full mesh along each row and column: " : "Full mesh: ") +
         figure(mesh.bandwidth.value) + " between each pair";
}

std::string kind_words(const Wiring&, const Stage& stage, const Torus& torus) {
  const int levels = stage.inner - stage.outer + 1;
  return (levels > 1 ? std::to_string(levels) + "D torus: " : std::string{"Ring: "}) +
         figure(torus.bandwidth.value) + " a link, in each direction";
}

std::string kind_words(const Wiring& wiring, const Stage& stage, const Clos& clos) {
  const std::string& level = wiring.fabric().levels[index(stage.outer)].name;
  const bool continued = stage.outer > 0 && wiring.network_of(stage.outer - 1) == stage.network;
  std::string result = continued            ? "The same network, further down"
                       : clos.rails         ? "Rail-optimised Clos, one network for each position inside"
                       : clos.tiers.empty() ? "One switch"
                                            : "Clos";
  if (clos.planes > 1 && !continued) result += ", in " + std::to_string(clos.planes) + " planes";
  const auto tier = std::ranges::find(clos.tiers, level, &Tier::level);
  if (tier == clos.tiers.end()) return result;
  return result + "; switches in each " + level +
         (tier->oversubscription > 1 ? ", oversubscribed " + number(tier->oversubscription) + ":1"
                                     : ", not oversubscribed");
}

std::string kind_words(const Wiring& wiring, const Stage& stage, const SwitchedMesh& mesh) {
  return "Switches of " + plural(wiring.fabric().levels[index(stage.inner)].name, 2) +
         " joined pairwise by trunks of " + figure(mesh.trunk.value);
}

std::string kind_words(const Wiring&, const Stage&, const Dragonfly& dragonfly) {
  return "Dragonfly: one link of " + figure(dragonfly.global.value) +
         " between each pair of groups; routers of a group joined pairwise by " +
         figure(dragonfly.local.value);
}

/// What there is to say about the network of a stage.
std::string caption(const Wiring& wiring, const Stage& stage) {
  const Share share = share_of(wiring, stage.network);
  return std::visit(
      [&](const auto& network) {
        const std::string words = kind_words(wiring, stage, network) + ". ";
        return words + figure(share.bandwidth) + " of payload an NPU, " + figure(network.latency.value) +
               " a hop.";
      },
      wiring.fabric().networks[index(stage.network)]);
}

std::string name_of(const Wiring& wiring, int network) {
  return std::visit([](const auto& n) { return n.name; }, wiring.fabric().networks[index(network)]);
}

std::string hue(int network, std::string_view classes) {
  return std::string{classes} + " n" + std::to_string(network % 6);
}

std::string whole(const Wiring& wiring) {
  std::string result = counted("NPU", wiring.members(wiring.node_families().front())) + ": ";
  return result + dimensions(wiring, 0, wiring.levels() - 1);
}

/// The drawing in the making: what lies behind, what lies before it, and how far down it goes.
class Sheet {
 public:
  explicit Sheet(const Wiring& wiring) : wiring_{wiring} {}

  void title(std::string_view name) {
    for (const std::string& line : wrapped(name, inside / 23)) write({margin, y_ += 28}, line, "title");
    for (const std::string& line : wrapped(whole(wiring_), (page - 2 * margin) / font))
      write({margin, y_ += 22}, line, "soft");
    y_ += 14;
  }

  void stage(const Stage& stage, bool first) {
    const double npus = npus_in(stage.outer);
    const std::string unit =
        first ? "The whole fabric" : "One " + wiring_.fabric().levels[index(stage.outer - 1)].name;
    open(unit + ": " + dimensions(wiring_, stage.outer, stage.inner), counted("NPU", npus));
    const std::vector<std::string> lines = wrapped(caption(wiring_, stage), inside / font);
    front_.box({left(), y_ - 12, 13, 13}, hue(stage.network, "swatch"), 3);
    write({left() + 20, y_}, name_of(wiring_, stage.network), "strong");
    for (const std::string& line : lines) write({left(), y_ += line_height}, line, "soft");
    y_ += 8;
    const Diagram diagram = draw(front_, {wiring_, stage.network, stage.outer, {left(), y_}, inside});
    y_ += diagram.height;
    close(diagram.opened);
  }

  void ports() {
    open("One NPU", "");
    std::vector<Share> shares;
    BytesPerSecond most;
    BytesPerSecond all;
    for (int network = 0; network < static_cast<int>(wiring_.fabric().networks.size()); ++network) {
      shares.push_back(share_of(wiring_, network));
      most = std::max(most, shares.back().bandwidth);
      all += shares.back().bandwidth;
    }
    for (int network = 0; network < static_cast<int>(shares.size()); ++network) {
      const Share& share = shares[index(network)];
      const std::string figures =
          figure(share.bandwidth) + ", " + (share.ports == 1 ? "1 port" : si(share.ports) + " ports");
      for (const std::string& line : wrapped(name_of(wiring_, network), 0.55 * inside / font)) {
        write({left(), y_}, line, "strong");
        y_ += line_height;
      }
      write({left() + inside, y_ - line_height}, figures, "end");
      front_.box({left(), y_ - 12, std::max(2.0, inside * (share.bandwidth / most)), 10},
                 hue(network, "swatch"), 3);
      y_ += 26;
    }
    write({left(), y_}, "Together " + figure(all) + " of payload in each direction.", "soft");
    const std::string endpoint =
        "Each message also takes " + figure(wiring_.fabric().endpoint_latency.value) + " at its two ends.";
    for (const std::string& line : wrapped(endpoint, inside / font))
      write({left(), y_ += line_height}, line, "soft");
    y_ += 6;
    close({});
  }

  void legend(bool nested) {
    y_ += 8;
    double x = margin + 4;
    const auto entry = [&](std::string_view classes, const std::string& words) {
      front_.box({x, y_ - 13, 20, 15}, classes, 3);
      write({x + 27, y_}, words, "label");
      x += 52 + 8.4 * static_cast<double>(words.size());
    };
    entry("npu", "NPU");
    if (nested) entry("unit", "unit of NPUs");
    entry("unit opened", "opened below");
    if (wiring_.node_families().size() > 1) entry(hue(0, "switch"), "switch");
    y_ += 18;
  }

  [[nodiscard]] std::string text(std::string_view name) const {
    std::ostringstream out;
    const std::string size = number(page) + " " + number(y_);
    out << R"(<svg xmlns="http://www.w3.org/2000/svg" class="fabric" viewBox="0 0 )" << size
        << "\" style=\"display:block;width:100%;max-width:760px;height:auto;margin:0 auto\" role=\"img\" "
           "aria-label=\""
        << escaped(name) << ", " << escaped(whole(wiring_)) << "\">\n<title>" << escaped(name)
        << "</title>\n<desc>" << escaped(description()) << "</desc>\n<style>" << style
        << "</style>\n<rect class=\"page\" width=\"100%\" height=\"100%\" rx=\"8\"/>\n"
        << back_.text() << zooms_.text() << front_.text() << "</svg>\n";
    return out.str();
  }

 private:
  [[nodiscard]] static double left() { return margin + padding; }

  [[nodiscard]] double npus_in(int level) const {
    double product = 1;
    for (int l = level; l < wiring_.levels(); ++l) product *= wiring_.count(l);
    return product;
  }

  void write(Point at, const std::string& words, std::string_view classes) {
    front_.words(at, words, classes);
  }

  /// Begins a panel, below the unit that it shows from the inside.
  void open(const std::string& heading, const std::string& size) {
    top_ = y_;
    if (opened_.width > 0)
      zooms_.polygon({{opened_.x, opened_.bottom()},
                      {opened_.right(), opened_.bottom()},
                      {page - margin, top_},
                      {margin, top_}},
                     "zoom");
    y_ += 30;
    const bool beside = wrapped(heading + " " + size, 0.93 * inside / 18).size() == 1;
    for (const std::string& line : wrapped(heading, 0.93 * inside / 18)) {
      write({left(), y_}, line, "heading");
      y_ += 24;
    }
    if (beside) y_ -= 24;
    if (!size.empty()) write({beside ? left() + inside : left(), y_}, size, beside ? "soft end" : "soft");
    y_ += 28;
  }

  void close(const Box& opened) {
    y_ += 14;
    back_.box({margin, top_, page - 2 * margin, y_ - top_}, "panel", 10);
    y_ += between;
    opened_ = opened;
  }

  [[nodiscard]] std::string description() const {
    std::string result = whole(wiring_) + ".";
    for (const Stage& s : stages(wiring_))
      result.append(" ").append(name_of(wiring_, s.network)).append(": ").append(caption(wiring_, s));
    return result;
  }

  const Wiring& wiring_;
  Canvas back_, zooms_, front_;
  double y_ = 10, top_ = 0;
  Box opened_;
};

}  // namespace

std::string svg(const Wiring& wiring, std::string_view name) {
  const std::string title = name.empty() ? "Fabric" : std::string{name};
  Sheet sheet(wiring);
  sheet.title(title);
  bool first = true;
  for (const Stage& stage : stages(wiring)) {
    sheet.stage(stage, first);
    first = false;
  }
  sheet.ports();
  sheet.legend(stages(wiring).size() > 1);
  return sheet.text(title);
}

}  // namespace superpod::topology
