// SPDX-License-Identifier: MIT
#pragma once

#include <pthread.h>

namespace livepusher::base {

/// Names the calling thread to the OS (top -H, gdb); at most 15 characters.
inline void nameThread(const char* name) { pthread_setname_np(pthread_self(), name); }

}  // namespace livepusher::base
