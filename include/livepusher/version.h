/* SPDX-License-Identifier: MIT */
/* The version of these headers; for C and C++, and read by CMakeLists.txt. Semantic versioning. */
#ifndef LIVEPUSHER_VERSION_H
#define LIVEPUSHER_VERSION_H

/** @file version.h The version of these headers, see livepusher_version() for the library's. */
#define LIVEPUSHER_VERSION_MAJOR 0        /**< changes break the interface */
#define LIVEPUSHER_VERSION_MINOR 1        /**< changes add to it; before 1.0 they may break it */
#define LIVEPUSHER_VERSION_PATCH 0        /**< changes mend */
#define LIVEPUSHER_VERSION_STRING "0.1.0" /**< the three, with points between */

#endif
