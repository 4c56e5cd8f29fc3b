# `cpack` (or ./dev package): liblivepusher0, liblivepusher-dev and livepusher as .deb files.
set(LIVEPUSHER_MAINTAINER "livepusher developers <livepusher@localhost>" CACHE STRING "Maintainer field of the Debian packages")
get_target_property(soversion livepusher SOVERSION)
set(package_runtime liblivepusher${soversion})
set(package_dev liblivepusher-dev)
set(package_program livepusher)

# What policy asks for: licences and changes in every package's /usr/share/doc, a manual page of a program.
set(debian ${PROJECT_SOURCE_DIR}/cmake/debian)
set(made ${PROJECT_BINARY_DIR}/debian)
find_program(GZIP gzip REQUIRED)
mark_as_advanced(GZIP)
foreach(file changelog livepusher.1)
  configure_file(${debian}/${file}.in ${made}/${file} @ONLY)
  execute_process(COMMAND ${GZIP} -9nc ${made}/${file} OUTPUT_FILE ${made}/${file}.gz COMMAND_ERROR_IS_FATAL ANY)
endforeach()
foreach(component runtime dev program)
  install(FILES ${debian}/copyright ${made}/changelog.gz
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${package_${component}} COMPONENT ${component})
endforeach()
install(FILES ${made}/livepusher.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT program)

# Loaded at run time (common/av/libraries.cpp), so that nothing in the library's own header tells.
# Debian has each of libavformat and libavcodec twice: built plainly, and as -extra with codecs of GPL-3.0.
set(loaded "")
foreach(name avformat swscale)
  string(REGEX MATCH "^[0-9]+" major ${livepusher_${name}_VERSION})
  list(APPEND loaded lib${name}${major})
endforeach()
string(REGEX REPLACE "(libavformat)([0-9]+)" "\\1\\2 | \\1-extra\\2" loaded "${loaded}")
list(JOIN loaded ", " loaded)
list(JOIN LIVEPUSHER_STATIC_PACKAGES ", " static_packages)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME livepusher)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_VENDOR livepusher)
set(CPACK_PACKAGE_CONTACT "${LIVEPUSHER_MAINTAINER}")
# CPack's own default, by which it leaves the summary to the components: the first line of each description.
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_NAME} built using CMake")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_THREADS 0)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL runtime dev)
if(TARGET livepusher_program)
  list(APPEND CPACK_COMPONENTS_ALL program)
endif()
set(CPACK_COMPONENT_DEV_DEPENDS runtime)
set(CPACK_COMPONENT_PROGRAM_DEPENDS runtime)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS ON)

# The face models, where they were fetched before this tree was configured.
if(LIVEPUSHER_WITH_FACES AND EXISTS ${LIVEPUSHER_FACE_MODELS}/face_mesh.tflite AND EXISTS ${LIVEPUSHER_FACE_MODELS}/face_detector.tflite)
  list(APPEND CPACK_COMPONENTS_ALL models)
  install(FILES ${debian}/livepusher-face-models.copyright RENAME copyright
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/livepusher-face-models COMPONENT models)
  install(FILES ${made}/changelog.gz DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/livepusher-face-models COMPONENT models)
endif()
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${CMAKE_LIBRARY_OUTPUT_DIRECTORY})
# Before 1.0 a new version may change the interface.
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY "=")

set(about "Takes pictures and sound from files, cameras and microphones, the screen or
the application itself, encodes them as H.264 and AAC, publishes them to an
RTMP or RTMPS server and tells all along how it goes.")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME ${package_runtime})
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_DEPENDS "${loaded}")
# Loaded too, by those alone who capture a screen (capture/screen) ...
set(recommended libxcb1 libxcb-shm0 libxcb-damage0 libxcb-xfixes0 libxcb-randr0 libxcb-composite0)
if(LIVEPUSHER_WITH_SDL)
  list(APPEND recommended libsdl2-2.0-0)  # ... or look at the preview (display)
endif()
# ... or hear a microphone, or through a speaker (common/sound).
list(APPEND recommended libpulse0 libasound2)
# ... or push over SRT (srt/library.cpp).
list(APPEND recommended libsrt1.5-gnutls)
# ... or have interlaced video (common/av/libraries.cpp).
string(REGEX MATCH "^[0-9]+" major ${livepusher_avfilter_VERSION})
list(APPEND recommended "libavfilter${major} | libavfilter-extra${major}")
list(JOIN recommended ", " CPACK_DEBIAN_RUNTIME_PACKAGE_RECOMMENDS)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SUGGESTS livepusher-face-models)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_CONTROL_EXTRA ${debian}/triggers)
set(CPACK_COMPONENT_RUNTIME_DESCRIPTION "live RTMP pusher (shared library)\n${about}")

set(CPACK_DEBIAN_DEV_PACKAGE_NAME ${package_dev})
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_SUGGESTS "${static_packages}")  # for livepusher::static alone
set(CPACK_COMPONENT_DEV_DESCRIPTION "live RTMP pusher (development files)\n${about}
.
This package holds the headers for C++ and C, the static library, what CMake
and pkg-config read, the documentation and examples.")

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME ${package_program})
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION video)
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION "live RTMP pusher (program)\n${about}
.
This package holds the command-line program.")
set(CPACK_DEBIAN_MODELS_PACKAGE_NAME livepusher-face-models)
set(CPACK_DEBIAN_MODELS_PACKAGE_SECTION misc)
set(CPACK_DEBIAN_MODELS_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_MODELS_PACKAGE_SHLIBDEPS OFF)
set(CPACK_COMPONENT_MODELS_DESCRIPTION "live RTMP pusher (face models)\n${about}
.
This package holds the neural networks that find faces, for its effects on
them.")
include(CPack)
