// SPDX-License-Identifier: MIT
#include "net/wake.hpp"

#include <poll.h>

#include <algorithm>

namespace livepusher::rtmp {

bool Wake::signalled() const {
    pollfd entry{descriptor(), POLLIN, 0};
    return poll(&entry, 1, 0) > 0;
}

void Wake::await(std::chrono::steady_clock::time_point until) const {
    pollfd entry{descriptor(), POLLIN, 0};
    poll(&entry, 1, pollTimeout(until));
}

int pollTimeout(std::chrono::steady_clock::time_point until) {
    using Clock = std::chrono::steady_clock;
    if (until == Clock::time_point::max()) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    return static_cast<int>(std::clamp<long long>(left, 0, 1'000'000));
}

}  // namespace livepusher::rtmp
