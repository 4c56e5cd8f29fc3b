# What `cmake --install` puts where, in three components: runtime (the shared library), dev (headers, the static
# library, what find_package and pkg-config read, documentation, examples) and program.
include(CMakePackageConfigHelpers)
set(cmake_files ${CMAKE_INSTALL_LIBDIR}/cmake/livepusher)
set(pkgconfig_files ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(TARGETS livepusher EXPORT livepusherTargets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT runtime NAMELINK_COMPONENT dev)
install(TARGETS livepusher_static EXPORT livepusherStaticTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT dev)
# What the library runs to try hardware encoders (encode/probe.cpp looks there).
install(TARGETS livepusher_probe RUNTIME DESTINATION libexec/livepusher COMPONENT runtime)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/livepusher DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT dev
  FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp" PATTERN "*.def")

# --- what the static library still needs, out of the stages' own lists: as CMake calls, as modules of pkg-config and
# as flags. Only who links the static library has to have it installed.
set(LIVEPUSHER_FIND_STATIC "")
set(LIVEPUSHER_REQUIRES "")
set(LIVEPUSHER_STATIC_LIBS "")
set(LIVEPUSHER_STATIC_PACKAGES "")
foreach(library IN LISTS libraries)
  if(library MATCHES "^dep::(.+)$")
    set(name ${CMAKE_MATCH_1})
    get_property(module GLOBAL PROPERTY livepusher_${name}_MODULE)
    get_property(plain GLOBAL PROPERTY livepusher_${name}_LIBRARY)
    get_property(package GLOBAL PROPERTY livepusher_${name}_PACKAGE)
    if(plain)  # no pkg-config file
      string(APPEND LIVEPUSHER_FIND_STATIC "  livepusher_find_library(${name} ${plain} ${package})\n")
      list(APPEND LIVEPUSHER_STATIC_LIBS -l${plain})
      list(APPEND LIVEPUSHER_STATIC_PACKAGES ${package})
      continue()
    elseif(NOT module)
      message(FATAL_ERROR "${library}: cmake/Install.cmake does not know how users of the static library find it")
    endif()
    string(APPEND LIVEPUSHER_FIND_STATIC "  livepusher_find_module(${name} ${module} ${package})\n")
    list(APPEND LIVEPUSHER_REQUIRES ${module})
    list(APPEND LIVEPUSHER_STATIC_PACKAGES ${package})
  elseif(library STREQUAL "Threads::Threads")
    list(APPEND LIVEPUSHER_STATIC_LIBS -pthread)
  elseif(library STREQUAL "${CMAKE_DL_LIBS}")
    list(APPEND LIVEPUSHER_STATIC_LIBS -l${library})
  elseif(NOT library MATCHES "livepusher_options")
    message(FATAL_ERROR "${library}: cmake/Install.cmake does not know how users of the static library find it")
  endif()
endforeach()
list(JOIN LIVEPUSHER_REQUIRES ", " LIVEPUSHER_REQUIRES)
list(JOIN LIVEPUSHER_STATIC_LIBS " " LIVEPUSHER_STATIC_LIBS)

# --- find_package
install(EXPORT livepusherTargets NAMESPACE livepusher:: DESTINATION ${cmake_files} COMPONENT dev)
install(EXPORT livepusherStaticTargets NAMESPACE livepusher:: DESTINATION ${cmake_files} COMPONENT dev)
configure_package_config_file(cmake/livepusherConfig.cmake.in ${PROJECT_BINARY_DIR}/livepusherConfig.cmake
  INSTALL_DESTINATION ${cmake_files} NO_SET_AND_CHECK_MACRO)
# Before 1.0 a new minor version may change the interface.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/livepusherConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/livepusherConfig.cmake ${PROJECT_BINARY_DIR}/livepusherConfigVersion.cmake
  DESTINATION ${cmake_files} COMPONENT dev)

# --- pkg-config: paths are seen from the file itself, so that the tree can be moved
file(RELATIVE_PATH LIVEPUSHER_PREFIX_FROM_PC /prefix/${pkgconfig_files} /prefix)
string(REGEX REPLACE "/$" "" LIVEPUSHER_PREFIX_FROM_PC ${LIVEPUSHER_PREFIX_FROM_PC})
foreach(file livepusher livepusher-static)
  configure_file(cmake/${file}.pc.in ${PROJECT_BINARY_DIR}/${file}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${file}.pc DESTINATION ${pkgconfig_files} COMPONENT dev)
endforeach()

# --- documentation, with the links between the pages as they are in the source tree
file(GLOB pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/*.md)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/livepusher COMPONENT dev)
install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/livepusher/docs COMPONENT dev)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs/effects DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/livepusher/docs COMPONENT dev
  FILES_MATCHING PATTERN "*.md" PATTERN "*.jpg")
install(DIRECTORY ${PROJECT_SOURCE_DIR}/examples/ DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/livepusher/examples COMPONENT dev
  FILES_MATCHING PATTERN "*.c" PATTERN "*.cpp" PATTERN "*.hpp")
