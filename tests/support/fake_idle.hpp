// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/publisher.hpp"

#include <poll.h>

#include <array>

namespace livepusher::rtmp::test {

/// The idle() of a publisher without a connection.
inline Result<void> idle(Publisher::Clock::time_point until, const base::EventFd& wake, const base::EventFd& cancel) {
    std::array<pollfd, 2> fds{{{wake.fd(), POLLIN, 0}, {cancel.fd(), POLLIN, 0}}};
    poll(fds.data(), fds.size(), base::pollTimeout(until));
    if (cancel.signalled()) return Error{Code::Cancelled, "cancelled"};
    return {};
}

}  // namespace livepusher::rtmp::test
