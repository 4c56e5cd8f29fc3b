// SPDX-License-Identifier: MIT
#include "net/wake.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

namespace livepusher::rtmp {

Wake::Wake() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Wake::~Wake() {
    if (fd_ != -1) close(fd_);
}

void Wake::signal() const {
    const std::uint64_t one = 1;
    while (fd_ != -1 && write(fd_, &one, sizeof one) == -1 && errno == EINTR) {
    }
}

void Wake::clear() const {
    std::uint64_t count = 0;
    while (fd_ != -1 && read(fd_, &count, sizeof count) == -1 && errno == EINTR) {
    }
}

bool Wake::signalled() const {
    pollfd entry{fd_, POLLIN, 0};
    return poll(&entry, 1, 0) > 0;
}

void Wake::await(std::chrono::steady_clock::time_point until) const {
    pollfd entry{fd_, POLLIN, 0};
    poll(&entry, 1, pollTimeout(until));
}

int pollTimeout(std::chrono::steady_clock::time_point until) {
    using Clock = std::chrono::steady_clock;
    if (until == Clock::time_point::max()) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    return static_cast<int>(std::clamp<long long>(left, 0, 1'000'000));
}

}  // namespace livepusher::rtmp
