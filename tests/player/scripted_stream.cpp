// SPDX-License-Identifier: MIT
#include "scripted_stream.hpp"

#include <poll.h>

namespace livepusher::playback::test {

void ScriptedStream::Connection::waitUntil(Timestamp until) const {
    pollfd waiting{.fd = cancelled_.fd(), .events = POLLIN, .revents = 0};
    const auto wait = until == Timestamp::max() ? -1 : base::pollTimeout(std::chrono::steady_clock::time_point(until));
    ::poll(&waiting, 1, wait);
}

}  // namespace livepusher::playback::test
