/// A kernel page in headless Chromium. Skipped where there is none.
#include <gtest/gtest.h>

#include "analysis/page/kernel_page.hpp"
#include "tests/analysis/browser.hpp"
#include "tests/analysis/sample_kernel_report.hpp"

namespace superpod::analysis {
namespace {

class KernelPageInABrowser : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_chromium()) GTEST_SKIP() << "chromium is not installed";
  }
};

TEST_F(KernelPageInABrowser, FitsAPhoneAndADeskWithoutErrors) {
  for (const int width : {390, 1440}) {
    const json seen = browse(
        kernel_page(sample::kernel_report()),
        "const texts = [...document.querySelectorAll('.plot text')].map(t => t.getBoundingClientRect());"
        "return {page: document.documentElement.scrollWidth, texts: texts.length, smallest: "
        "Math.min(...texts.map(t => t.height)), right: Math.max(...texts.map(t => t.right))};",
        {.width = width});
    EXPECT_EQ(seen["errors"], json::array());
    EXPECT_LE(seen["found"]["page"], width);
    EXPECT_GT(seen["found"]["texts"], 20);
    EXPECT_GE(seen["found"]["smallest"], 11);  // px of a line: letters that can be read
    EXPECT_LE(seen["found"]["right"], width);
  }
}

/// A letter's box reaches some 3 units above and below the digits that it holds.
TEST_F(KernelPageInABrowser, LabelsNoAxisTwiceInOnePlace) {
  const json seen = browse(
      kernel_page(sample::kernel_report()),
      "let touching = []; for (const plot of document.querySelectorAll('.plot')) { const texts = "
      "[...plot.querySelectorAll('text:not([transform])')].map(t => [t.textContent, t.getBBox()]); "
      "texts.forEach(([a, p], i) => texts.slice(i + 1).forEach(([b, q]) => { if (p.x < q.x + q.width && q.x "
      "< "
      "p.x + p.width && p.y + 5 < q.y + q.height && q.y + 5 < p.y + p.height) touching.push(a + ' | ' + b); "
      "})); } return touching;");
  EXPECT_EQ(seen["found"], json::array());
}

TEST_F(KernelPageInABrowser, SortsGroupsByTheirErrors) {
  const json seen = browse(kernel_page(sample::kernel_report()),
                           "document.querySelectorAll('#groups thead button')[2].click(); return "
                           "[...document.querySelectorAll('#groups tbody a')].map(a => a.textContent);");
  EXPECT_EQ(seen["errors"], json::array());
  EXPECT_EQ(seen["found"][0], "h200_sxm, copy");  // 10 % in the median before 5 %
}

}  // namespace
}  // namespace superpod::analysis
