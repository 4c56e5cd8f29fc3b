/* SPDX-License-Identifier: MIT */
/* The version of these headers; for C and C++, and read by CMakeLists.txt. Semantic versioning. */
#ifndef LIVEPUSHER_VERSION_H
#define LIVEPUSHER_VERSION_H

#define LIVEPUSHER_VERSION_MAJOR 0
#define LIVEPUSHER_VERSION_MINOR 1
#define LIVEPUSHER_VERSION_PATCH 0
#define LIVEPUSHER_VERSION_STRING "0.1.0"

#endif
