// SPDX-License-Identifier: MIT
#pragma once

/// Marks what an application may link against; everything else stays hidden.
#define LIVEPUSHER_API __attribute__((visibility("default")))
