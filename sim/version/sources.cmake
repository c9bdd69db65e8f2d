# cmake -D ROOT=<sources> -D NUMBER=<0.1.0> -D OUT=<file> -D PARTS=<a b> [-D GIT=<git>] -P sources.cmake
# Writes where the sources in ROOT stand; only when that is news, so that nothing is built again without need. PARTS, with
# blanks between, are the folders and files that make the program.
separate_arguments(PARTS)
set(commit "")
set(changes "")
if(GIT)
  # Sources may lie within the repository of something else, whose commits say nothing about them.
  execute_process(COMMAND ${GIT} -C ${ROOT} rev-parse --show-prefix
                  OUTPUT_VARIABLE prefix ERROR_QUIET RESULT_VARIABLE failure OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(failure EQUAL 0 AND prefix STREQUAL "")
    execute_process(COMMAND ${GIT} -C ${ROOT} rev-parse --verify --quiet HEAD
                    OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE)
    string(SUBSTRING "${commit}" 0 10 commit)
  endif()
  if(commit)
    execute_process(COMMAND ${GIT} -C ${ROOT} diff --no-ext-diff --no-color --full-index --binary HEAD -- ${PARTS}
                    OUTPUT_VARIABLE difference)
    if(difference)
      string(SHA256 changes "${difference}")
      string(SUBSTRING ${changes} 0 8 changes)
    endif()
  endif()
endif()

set(text "#include \"sim/version/version.hpp\"

namespace superpod {
extern const Sources sources_of_this_build;
const Sources sources_of_this_build{\"${NUMBER}\", \"${commit}\", \"${changes}\"};
}  // namespace superpod
")
set(before "")
if(EXISTS ${OUT})
  file(READ ${OUT} before)
endif()
if(NOT text STREQUAL before)
  file(WRITE ${OUT} "${text}")
endif()
