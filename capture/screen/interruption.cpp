// SPDX-License-Identifier: MIT
#include "capture/screen/interruption.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <ctime>

namespace livepusher::capture {

void Interruption::raise() {
    raised_ = true;
    event_.signal();
    std::lock_guard lock(mutex_);
    if (guarded_ >= 0) shutdown(guarded_, SHUT_RDWR);
}

void Interruption::guard(int socket) {
    std::lock_guard lock(mutex_);
    guarded_ = socket;
    if (raised_ && socket >= 0) shutdown(socket, SHUT_RDWR);
}

bool Interruption::wait(int socket, Timestamp until) {
    std::array<pollfd, 2> watched{pollfd{event_.fd(), POLLIN, 0},
                                  pollfd{socket, POLLIN, 0}};  // poll() passes over what is negative
    for (;;) {
        if (raised_) return false;
        const auto left = std::max(until - now(), Timestamp{});
        const timespec limit{left.count() / 1'000'000, left.count() % 1'000'000 * 1000};
        if (ppoll(watched.data(), watched.size(), &limit, nullptr) > 0) return !raised_;
        if (now() >= until) return !raised_;
    }
}

}  // namespace livepusher::capture
