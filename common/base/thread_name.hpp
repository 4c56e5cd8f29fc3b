// SPDX-License-Identifier: MIT
#pragma once

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

namespace livepusher::base {

/// Names the calling thread to the OS (top -H, gdb); at most 15 characters.
inline void nameThread(const char* name) { pthread_setname_np(pthread_self(), name); }

/// For work that the stream should not feel: on Linux nice is a thread's own. Best effort.
inline void lowerThreadPriority() { setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), 10); }

}  // namespace livepusher::base
