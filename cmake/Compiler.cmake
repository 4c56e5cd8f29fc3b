if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # A checkout in another folder compiles the same files: paths are seen from its root. The sloppiness is what ccache asks for
  # with precompiled headers.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
    CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess>)
  endif()
endif()

add_compile_options(-ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)  # nobody's folder in what is shipped, or in a report

add_library(livepusher_options INTERFACE)
target_compile_options(livepusher_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # False alarms of g++ 12: on std::string's operator+ (GCC bug 105329) and on std::optional (GCC bug 80635).
  target_compile_options(livepusher_options INTERFACE -Wno-restrict -Wno-maybe-uninitialized)
  if(LIVEPUSHER_PRECOMPILE)  # on std::strings that are moved or joined in functions of such a header
    target_compile_options(livepusher_options INTERFACE -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
  endif()
endif()
if(LIVEPUSHER_WERROR)
  target_compile_options(livepusher_options INTERFACE -Werror)
endif()
if(LIVEPUSHER_SANITIZE)
  add_compile_options(-fsanitize=${LIVEPUSHER_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${LIVEPUSHER_SANITIZE})
endif()

# livepusher_unhurried(TARGET): for tests, mostly templates that need no speed and take longer to optimise than to compile
# plainly: with sanitizers three times as long, and the program too. The library itself is optimised in every build.
function(livepusher_unhurried target)
  target_compile_options(${target} PRIVATE -O0)
endfunction()

# livepusher_precompile(TARGET [SHARED_WITH TARGET] HEADER…): the standard library's part of a build, which is a third of it,
# once for all that share it.
# Of the library and the program only where LIVEPUSHER_PRECOMPILE is on, which it is not with the thread sanitizer: there a
# file that forgets an #include has to fail, and a warning: g++ 12 sees more of them than there are where it is on.
function(livepusher_precompile target)
  cmake_parse_arguments(arg "" "SHARED_WITH" "" ${ARGN})
  # Clang takes no such header where a -D differs, and targets have their own.
  if(arg_SHARED_WITH AND NOT target STREQUAL arg_SHARED_WITH AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_precompile_headers(${target} REUSE_FROM ${arg_SHARED_WITH})
    return()
  endif()
  foreach(header algorithm array atomic chrono condition_variable cstdint deque functional map memory mutex optional set span sstream
      string string_view thread tuple unordered_map utility variant vector ${arg_UNPARSED_ARGUMENTS})
    target_precompile_headers(${target} PRIVATE "$<$<COMPILE_LANGUAGE:CXX>:<${header}$<ANGLE-R>>")
  endforeach()
endfunction()

if(LIVEPUSHER_PRECOMPILE)  # once for all folders of the library
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/precompiled.cpp CONTENT "")
  add_library(livepusher_precompiled OBJECT ${PROJECT_BINARY_DIR}/precompiled.cpp)
  target_link_libraries(livepusher_precompiled PRIVATE livepusher_options Threads::Threads)
  livepusher_precompile(livepusher_precompiled)
endif()

# livepusher_stage(NAME SOURCES … ALONE … LIBRARIES …): one folder's OBJECT library.
# ALONE: files that can't be compiled together with others: Highway's, which include themselves for each processor, and
# loaders of libraries, which all look alike.
# WAITS: the folder decides and hands on, and what computes a frame is elsewhere: -O1, which takes a quarter less to compile.
function(livepusher_stage name)
  cmake_parse_arguments(arg "WAITS" "" "SOURCES;ALONE;LIBRARIES" ${ARGN})
  add_library(livepusher_${name} OBJECT ${arg_SOURCES} ${arg_ALONE})
  set_source_files_properties(${arg_ALONE} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  target_include_directories(livepusher_${name} PUBLIC
    ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/common ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(livepusher_${name} PRIVATE $<BUILD_INTERFACE:livepusher_options> Threads::Threads ${arg_LIBRARIES})
  if(arg_WAITS)
    target_compile_options(livepusher_${name} PRIVATE $<$<CONFIG:Release>:-O1>)
  endif()
  if(LIVEPUSHER_PRECOMPILE)
    livepusher_precompile(livepusher_${name} SHARED_WITH livepusher_precompiled)
    # Twelve files at a time: what they instantiate alike is compiled once. So a name in a file's own namespace is one of
    # its folder's, too.
    set_target_properties(livepusher_${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 12)
  endif()
endfunction()
