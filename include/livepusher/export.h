/* SPDX-License-Identifier: MIT */
#ifndef LIVEPUSHER_EXPORT_H
#define LIVEPUSHER_EXPORT_H

/** Marks what an application may link against; everything else stays hidden. */
#define LIVEPUSHER_API __attribute__((visibility("default")))

#endif
