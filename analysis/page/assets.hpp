/// The style and the script of a page, taken into the library when it is built (embed.cmake).
#pragma once

#include <string_view>

namespace superpod::analysis {

extern const std::string_view page_css;
extern const std::string_view page_js;

}  // namespace superpod::analysis
