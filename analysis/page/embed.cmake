# cmake -D OUT=assets.cpp -P embed.cmake: styles and scripts as C++ string literals, so that the program needs no files.
set(code "#include \"analysis/page/assets.hpp\"

namespace superpod::analysis {
")
foreach(asset page.css kernel.css page.js tables.js)
  file(READ ${CMAKE_CURRENT_LIST_DIR}/${asset} text)
  string(REPLACE "." "_" name ${asset})
  string(APPEND code "
const std::string_view ${name} = R\"asset(${text})asset\";
")
endforeach()
file(WRITE ${OUT} "${code}
}  // namespace superpod::analysis
")
