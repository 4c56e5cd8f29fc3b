// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/publisher.hpp"

#include <chrono>
#include <cstdint>

namespace livepusher::testing {

/// The figures of a link that carries 100 kbps, and that two seconds of what was encoded wait for.
class SlowLink {
public:
    rtmp::LinkStatistics operator()() const {
        const auto milliseconds = (std::chrono::steady_clock::now() - began_) / std::chrono::milliseconds(1);
        rtmp::LinkStatistics link;
        link.bytesSent = 300'000 + static_cast<std::uint64_t>(milliseconds) * 12;
        link.bytesUnsent = 250'000;
        link.minRtt = 20;
        link.oldestUnacknowledged = std::chrono::seconds(2);
        return link;
    }

private:
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

}  // namespace livepusher::testing
