// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include "capture/av.hpp"

namespace livepusher::capture {

/// One of libavdevice's inputs by its name. The library is loaded when this is called first: it brings X, sound
/// servers and more into the process, which programs without devices shall not pay for. Errors: NotAvailable. [any-thread]
Result<const AVInputFormat*> deviceFormat(const char* name);

/// Keeps ALSA from printing to stderr what it thinks of a device, on the calling thread. [any-thread]
void silenceAlsa();

}  // namespace livepusher::capture
