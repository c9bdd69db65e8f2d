# cmake -D OUT=assets.cpp -P embed.cmake: page.css and page.js as C++ string literals, so that the program needs no files.
file(READ ${CMAKE_CURRENT_LIST_DIR}/page.css css)
file(READ ${CMAKE_CURRENT_LIST_DIR}/page.js js)
file(WRITE ${OUT} "#include \"analysis/page/assets.hpp\"

namespace superpod::analysis {

const std::string_view page_css = R\"asset(${css})asset\";

const std::string_view page_js = R\"asset(${js})asset\";

}  // namespace superpod::analysis
")
