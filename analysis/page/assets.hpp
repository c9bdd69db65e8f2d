/// The styles and the scripts of pages, taken into the library when it is built (embed.cmake).
#pragma once

#include <string_view>

namespace superpod::analysis {

extern const std::string_view page_css;    ///< of every page
extern const std::string_view kernel_css;  ///< what a kernel page adds
extern const std::string_view page_js;     ///< the charts over time
extern const std::string_view tables_js;   ///< tables that sort and filter, on every page

}  // namespace superpod::analysis
