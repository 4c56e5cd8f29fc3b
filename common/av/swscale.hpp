// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

extern "C" {
#include <libswscale/swscale.h>
}

#include "base/loaded_library.hpp"

namespace livepusher::capture {

/// The functions of libswscale that are used here: for pixel formats and sizes which libyuv doesn't take. It is loaded
/// with the first picture of such a kind and not before.
struct Swscale {
#define LIVEPUSHER_SWSCALE(X) \
    X(sws_alloc_context)      \
    X(sws_freeContext)        \
    X(sws_getCoefficients)    \
    X(sws_init_context)       \
    X(sws_isSupportedInput)   \
    X(sws_scale)              \
    X(sws_setColorspaceDetails)
    LIVEPUSHER_FUNCTIONS(LIVEPUSHER_SWSCALE)
};

/// Errors: NotAvailable, with the library's name. [any-thread]
Result<void> loadSwscale();

/// Only after loadSwscale() has succeeded. [any-thread]
const Swscale& swscale();

}  // namespace livepusher::capture
