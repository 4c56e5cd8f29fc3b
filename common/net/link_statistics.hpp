// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace livepusher::rtmp {

/// For how long a connection has had something to carry, and for how much of that it waited for the server to read.
struct LineUse {
    std::chrono::microseconds busy{0};
    std::chrono::microseconds unread{0};
};

/// Read at any time from any thread.
struct LinkStatistics {
    std::uint64_t bytesSent = 0;      ///< taken by the kernel since open()
    std::uint64_t bytesQueued = 0;    ///< given by write() and not yet taken by the kernel
    std::uint64_t bytesUnsent = 0;    ///< in the kernel, not yet on the wire (SIOCOUTQNSD)
    std::uint64_t bytesInFlight = 0;  ///< on the wire and not yet acknowledged by the server's kernel
    int rtt = 0;                      ///< ms, the kernel's smoothed figure
    int minRtt = 0;                   ///< ms, the kernel's least of late; 0: not known
    /// Since write() was given what the server's kernel has not yet; 0: it has all.
    std::chrono::milliseconds oldestUnacknowledged{0};
    /// Since this machine's kernel took what the server's has not yet; 0: it has all of that.
    std::chrono::milliseconds oldestTaken{0};
    std::optional<LineUse> use{};     ///< of this connection; empty: no TCP, or a kernel that doesn't tell (before Linux 4.10)
    int jitter = 0;                   ///< ms, RFC 3550's smoothed jitter of write()-to-kernel delay
    std::uint64_t bytesReceived = 0;  ///< since open(), without TLS
    std::string serverIp;

    /// Bytes that the server's kernel has.
    std::uint64_t acknowledged() const {
        const auto under = bytesUnsent + bytesInFlight;
        return bytesSent > under ? bytesSent - under : 0;
    }
    /// Bytes given by write() that it has not.
    std::uint64_t outstanding() const { return bytesQueued + bytesUnsent + bytesInFlight; }
};

}  // namespace livepusher::rtmp
