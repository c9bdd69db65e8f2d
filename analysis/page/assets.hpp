/// The styles and the scripts of pages, taken into the library when it is built (bundle.mjs).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace superpod::analysis {

extern const std::string_view page_css;        ///< of every page
extern const std::string_view sections_css;    ///< what the sections of a result add
extern const std::string_view charts_css;      ///< what charts add
extern const std::string_view kernel_css;      ///< what a kernel page adds
extern const std::string_view comparison_css;  ///< what a page of two results adds

/// A script without markup, in pieces because compilers bound the length of a literal.
struct Script {
  std::vector<std::string_view> pieces;
  std::string_view sum;  ///< as a page's policy names it: `sha256-...`
};

extern const Script tables_script;     ///< tables that sort and filter, on every page
extern const Script over_time_script;  ///< the charts over time
extern const Script charts_script;     ///< the charts that a library draws; half a megabyte

}  // namespace superpod::analysis
