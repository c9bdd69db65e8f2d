# cmake -D SCRIPT=<sim/version/sources.cmake> -D GIT=<git> -D FOLDER=<scratch> -P sources_test.cmake
# What is written about sources without history, clean, changed, and changed where the program does not stand.
file(REMOVE_RECURSE ${FOLDER})
file(MAKE_DIRECTORY ${FOLDER}/sim ${FOLDER}/topology ${FOLDER}/tests)
file(WRITE ${FOLDER}/sim/a.cpp "one\n")
file(WRITE ${FOLDER}/topology/b.cpp "one\n")
file(WRITE ${FOLDER}/tests/a_test.cpp "one\n")
file(WRITE ${FOLDER}/.gitignore "out.cpp\n")
set(out ${FOLDER}/out.cpp)

function(git)
  execute_process(COMMAND ${GIT} -C ${FOLDER} -c user.name=nobody -c user.email=nobody@example.org ${ARGN}
                  COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
endfunction()

function(expect words)
  execute_process(COMMAND ${CMAKE_COMMAND} -D ROOT=${FOLDER} -D NUMBER=1.2.3 -D OUT=${out} -D GIT=${with_git}
                          -D "PARTS=sim topology" -P ${SCRIPT} COMMAND_ERROR_IS_FATAL ANY)
  file(READ ${out} text)
  if(NOT text MATCHES "sources_of_this_build{${words}}")
    message(FATAL_ERROR "expected ${words}:\n${text}")
  endif()
endfunction()

set(hex "[0-9a-f]+")
set(with_git "")
expect("\"1.2.3\", \"\", \"\"")  # there is no git

set(with_git ${GIT})
git(init --quiet)
expect("\"1.2.3\", \"\", \"\"")  # there is no commit
git(add .)
git(commit --quiet -m first)
expect("\"1.2.3\", \"${hex}\", \"\"")

file(TIMESTAMP ${out} first "%s")
execute_process(COMMAND ${CMAKE_COMMAND} -E sleep 1.1)
file(WRITE ${FOLDER}/tests/a_test.cpp "two\n")
expect("\"1.2.3\", \"${hex}\", \"\"")
file(TIMESTAMP ${out} second "%s")
if(NOT first STREQUAL second)
  message(FATAL_ERROR "the file was written again without news")
endif()

file(WRITE ${FOLDER}/sim/a.cpp "two\n")
expect("\"1.2.3\", \"${hex}\", \"${hex}\"")
file(READ ${out} two)
file(WRITE ${FOLDER}/sim/a.cpp "one\n")
file(WRITE ${FOLDER}/topology/b.cpp "three\n")
expect("\"1.2.3\", \"${hex}\", \"${hex}\"")
file(READ ${out} three)
if(two STREQUAL three)
  message(FATAL_ERROR "two changes are told by one sum: ${two}")
endif()

# Sources without history, unpacked within a repository of something else.
file(MAKE_DIRECTORY ${FOLDER}/within)
execute_process(COMMAND ${CMAKE_COMMAND} -D ROOT=${FOLDER}/within -D NUMBER=1.2.3 -D OUT=${out} -D GIT=${GIT}
                        -D "PARTS=sim topology" -P ${SCRIPT} COMMAND_ERROR_IS_FATAL ANY)
file(READ ${out} text)
if(NOT text MATCHES "\"1.2.3\", \"\", \"\"")
  message(FATAL_ERROR "named the commit of another repository:\n${text}")
endif()
