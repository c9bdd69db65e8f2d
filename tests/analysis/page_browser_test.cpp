/// Pages as a reader meets them: opened, used and measured in headless Chromium. Skipped where there is none.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "analysis/page/page.hpp"
#include "tests/analysis/browser.hpp"
#include "tests/analysis/sample_result.hpp"

namespace superpod::analysis {
namespace {

using testing::HasSubstr;

class PageInABrowser : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_chromium()) GTEST_SKIP() << "chromium is not installed";
  }
};

const std::string widths = "return {page: document.documentElement.scrollWidth, window: innerWidth};";

TEST_F(PageInABrowser, FitsAPhoneATabletAndADesk) {
  for (const int width : {390, 820, 1440}) {
    const json seen = browse(page(sample::result()), widths, {.width = width});
    EXPECT_EQ(seen["errors"], json::array());
    EXPECT_EQ(seen["found"]["window"], width);
    EXPECT_LE(seen["found"]["page"], width);
  }
}

TEST_F(PageInABrowser, RunsNothingThatIsWrittenInAResult) {
  Result result = sample::result();
  const std::string hostile =
      "</script><script>alert(1)</script><img src=x onerror=alert(2)>\u202E שלום 🚀 " + std::string(300, 'w');
  result.name = result.verdict = result.system = result.scenario_text = hostile;
  for (Table& table : result.tables)
    for (Column& column : table.columns)
      if (auto* words = std::get_if<std::vector<std::string>>(&column.values))
        for (std::string& word : *words) word += hostile;
  for (Provenance& input : result.provenance) input.path = input.source = input.note = hostile;
  const json seen = browse(page(result),
                           "return {title: $('h1').textContent, images: document.images.length, "
                           "page: document.documentElement.scrollWidth};",
                           {.width = 390});
  EXPECT_EQ(seen["errors"], json::array());
  EXPECT_EQ(seen["found"]["title"], hostile);
  EXPECT_EQ(seen["found"]["images"], 0);
  EXPECT_LE(seen["found"]["page"], 390);
}

TEST_F(PageInABrowser, OfNothingAndOfACollectiveHasNoErrors) {
  EXPECT_EQ(browse(page(Result{}), widths)["errors"], json::array());
  Result collective = sample::result();
  std::erase_if(collective.tables,
                [](const Table& table) { return table.name != "links" && table.name != "time"; });
  EXPECT_EQ(browse(page(collective), widths)["errors"], json::array());
}

const std::string key =
    "const key = name => $('canvas').dispatchEvent(new KeyboardEvent('keydown', {key: name})); ";

TEST_F(PageInABrowser, WalksTheTimelineByKeyboard) {
  const json seen = browse(
      page(sample::result()),
      key +
          "const said = []; "
          "for (const name of ['ArrowRight', 'ArrowRight', 'ArrowDown', 'Escape']) "
          "{ key(name); said.push($('.tip').hidden ? 'nothing' : $('.tip').textContent); } return said;");
  EXPECT_EQ(seen["errors"], json::array());
  EXPECT_THAT(seen["found"][0], HasSubstr("forward, microbatch 0"));
  EXPECT_THAT(seen["found"][1], HasSubstr("forward, microbatch 1"));
  EXPECT_THAT(seen["found"][2], HasSubstr("stage 1"));
  EXPECT_EQ(seen["found"][3], "nothing");
}

TEST_F(PageInABrowser, ShowsTheSlotUnderThePointer) {
  // Along the middle of the third row: rows of 30 px begin 22 px below the top. The first slot of stage 2
  // starts at 228 ms, after two forwards of 110 ms and two sends of 4 ms.
  const json seen =
      browse(page(sample::result()),
             "const canvas = $('canvas'), box = canvas.getBoundingClientRect(), said = new Set(); "
             "for (let x = 0; x < box.width; x += 4) { canvas.dispatchEvent(new PointerEvent('pointermove', "
             "{clientX: box.left + x, clientY: box.top + 22 + 2.5 * 30})); if (!$('.tip').hidden) "
             "said.add($('.tip').textContent); "
             "} return [...said];");
  EXPECT_EQ(seen["errors"], json::array());
  EXPECT_EQ(seen["found"].size(), 17U);  // eight forwards, eight backwards and the optimizer
  EXPECT_THAT(seen["found"][0], HasSubstr("forward, microbatch 0stage 20.228 s to 0.338 s: 110.0 ms"));
}

TEST_F(PageInABrowser, ZoomsBothChartsTogetherAndBack) {
  const json seen =
      browse(page(sample::result()),
             "document.querySelectorAll('[data-lazy]').forEach(d => d.open = true); const said = []; "
             "for (const act of ['in', 'later', 'fit']) { $(`[data-act=${act}]`).click(); "
             "said.push([...document.querySelectorAll('[data-lazy] .lead')].map(p => "
             "p.textContent.split(':')[0])); } return said;");
  EXPECT_EQ(seen["errors"], json::array());
  for (const json& step : seen["found"]) EXPECT_EQ(step[0], step[1]);
  EXPECT_EQ(seen["found"][0][0], "0.962 s to 2.887 s");  // the middle half of 3.849 s
  EXPECT_EQ(seen["found"][1][0], "1.604 s to 3.528 s");  // a third of that later
  EXPECT_EQ(seen["found"][2][0], "0.000 s to 3.849 s");
}

TEST_F(PageInABrowser, PaintsEachPhaseInTheColourOfItsLegend) {
  const json seen = browse(page(sample::result()),
                           "const canvas = $('canvas'), all = canvas.getContext('2d').getImageData(0, 0, "
                           "canvas.width, canvas.height).data; "
                           "const painted = new Set(); for (let i = 0; i < all.length; i += 4) "
                           "painted.add(`rgb(${all[i]}, ${all[i + 1]}, ${all[i + 2]})`); "
                           "return [...document.querySelectorAll('#timeline .legend .key')].map(k => "
                           "painted.has(getComputedStyle(k).backgroundColor));");
  EXPECT_EQ(seen["found"], json::array({true, true, true}));
}

TEST_F(PageInABrowser, ManySlotsAreDrawnAndListedInPart) {
  Result result = sample::result();
  for (Table& table : result.tables)
    if (table.name == "slots") {
      constexpr int many = 10000;
      std::vector<std::int64_t> rank, microbatch, chunk(many, 0);
      std::vector<double> start, finish;
      for (int i = 0; i < many; ++i) {
        rank.push_back(i % sample::stages);
        microbatch.push_back(i / sample::stages);
        start.push_back(1e-3 * (i / sample::stages));
        finish.push_back(start.back() + 0.9e-3);
      }
      table.columns = {{"rank", "", "", rank},
                       {"phase", "", "", std::vector<std::string>(many, "forward")},
                       {"microbatch", "", "", microbatch},
                       {"chunk", "", "", chunk},
                       {"start", "s", "", start},
                       {"finish", "s", "", finish}};
    }
  const json seen = browse(
      page(result),
      "$('[data-lazy]').open = true; $('[data-act=fit]').click(); return {rows: "
      "$('[data-lazy]').querySelectorAll('tbody tr').length, said: $('[data-lazy] .lead').textContent};");
  EXPECT_EQ(seen["errors"], json::array());
  EXPECT_EQ(seen["found"]["rows"], 500);
  EXPECT_THAT(seen["found"]["said"], HasSubstr("10,000 items"));
}

TEST_F(PageInABrowser, SortsKernelsByTimeThenByName) {
  const json seen = browse(page(sample::result()),
                           "const order = () => [...document.querySelectorAll('#kernels tbody tr')].map(row "
                           "=> row.cells[0].textContent), said = []; "
                           "const buttons = document.querySelectorAll('#kernels thead button'); "
                           "buttons[3].click(); said.push(order()); "
                           "said.push(buttons[3].parentElement.ariaSort); buttons[3].click(); "
                           "said.push(order()); buttons[0].click(); said.push(order()); "
                           "return said;");
  EXPECT_EQ(seen["found"][0][0], "expert GEMM backward");  // 1.38 s
  EXPECT_EQ(seen["found"][0][5], "token permutation");     // 0.05 s
  EXPECT_EQ(seen["found"][1], "descending");
  EXPECT_EQ(seen["found"][2][0], "token permutation");
  EXPECT_EQ(seen["found"][3][0], "attention backward");
}

TEST_F(PageInABrowser, FiltersInputsByGradeAndText) {
  const json seen =
      browse(page(sample::result()),
             "const shown = () => [...document.querySelectorAll('#inputs tbody tr')].filter(row => "
             "!row.hidden).length, said = [shown()]; "
             "const change = () => $('.filter').dispatchEvent(new Event('input', {bubbles: true})); "
             "$('.filter [value=published]').checked = false; change(); said.push(shown()); "
             "$('[type=search]').value = 'predecessor'; change(); said.push(shown()); return said;");
  EXPECT_EQ(seen["found"], json::array({5, 2, 1}));
}

/// WCAG's contrast of text with what lies behind it must be 4.5 or more, in both schemes.
TEST_F(PageInABrowser, IsReadableInLightAndDark) {
  const std::string contrast =
      "const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(x => x / 255).map(x => x <= .04045 ? x "
      "/ 12.92 : "
      "((x + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; }; "
      "const page = light(getComputedStyle(document.body).backgroundColor); let worst = 99; "
      "for (const e of document.querySelectorAll('p, dt, dd, th, td, a, summary, code, .what, .unit, .grade, "
      "figcaption')) "
      "{ const text = light(getComputedStyle(e).color); "
      "worst = Math.min(worst, (Math.max(text, page) + .05) / (Math.min(text, page) + .05)); } return "
      "{worst, page};";
  const json light = browse(page(sample::result()), contrast),
             dark = browse(page(sample::result()), contrast, {.dark = true});
  EXPECT_GT(light["found"]["page"], 0.9);
  EXPECT_LT(dark["found"]["page"], 0.05);
  EXPECT_GE(light["found"]["worst"], 4.5);
  EXPECT_GE(dark["found"]["worst"], 4.5);
}

}  // namespace
}  // namespace superpod::analysis
