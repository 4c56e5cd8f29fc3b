// SPDX-License-Identifier: MIT
#include "base/event_fd.hpp"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace livepusher::base {

EventFd::EventFd() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), error_(fd_ ? 0 : errno) {}

Result<void> EventFd::check() const {
    if (fd_) return {};
    return Error{Code::InternalFailure, "out of file descriptors: " + std::generic_category().message(error_), error_};
}

void EventFd::signal() const {
    if (fd_) eventfd_write(fd_.get(), 1);  // can only fail where it is signalled already
}

void EventFd::drain() const {
    eventfd_t count = 0;
    if (fd_) eventfd_read(fd_.get(), &count);  // can only fail where it is not signalled
}

bool EventFd::signalled() const {
    pollfd entry{fd(), POLLIN, 0};
    return poll(&entry, 1, 0) > 0;
}

int pollTimeout(std::chrono::steady_clock::time_point until) {
    using Clock = std::chrono::steady_clock;
    if (until == Clock::time_point::max()) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    return static_cast<int>(std::clamp<long long>(left, 0, 1'000'000));
}

}  // namespace livepusher::base
