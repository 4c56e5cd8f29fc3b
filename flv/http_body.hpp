// SPDX-License-Identifier: MIT
#pragma once

#include "net/send_meter.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace livepusher::rtmp {

/// The part of a chunked body that is still to be sent, and the figures of what was. Not locked.
class HttpBody {
public:
    using Time = SendMeter::Time;

    bool empty() const { return at_ == bytes_.size(); }

    void append(std::span<const std::uint8_t> bytes, Time now) {
        if (empty() || at_ >= kWorthMoving) {
            bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(at_));
            at_ = 0;
        }
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
        meter_.handedOver(bytes.size(), now);
    }

    /// Moves what there is, and fits, into `into`: the next chunk. libcurl asks for it when the kernel has all of the one before.
    std::size_t take(std::span<char> into, Time now) {
        if (chunk_ > 0) {
            meter_.taken(chunk_, now);
            framing_ += framingOf(chunk_);
        }
        chunk_ = std::min(into.size(), bytes_.size() - at_);
        std::ranges::transform(std::span(bytes_).subspan(at_, chunk_), into.begin(),
                               [](std::uint8_t byte) { return static_cast<char>(byte); });
        at_ += chunk_;
        return chunk_;
    }

    void sentHead(std::size_t bytes) { framing_ += bytes; }  ///< what stood before the body

    /// As SendMeter's; what was sent is all bytes that the kernel has.
    void addTo(LinkStatistics& out, Time now) {
        meter_.addTo(out, now);
        out.bytesSent += framing_;
    }
    std::uint64_t queued() const { return meter_.queued(); }

private:
    static constexpr std::size_t kWorthMoving = 65'536;

    // Its length in hexadecimal digits, CRLF, the bytes, CRLF (RFC 9112 §7.1).
    static std::size_t framingOf(std::size_t bytes) { return (static_cast<std::size_t>(std::bit_width(bytes)) + 3) / 4 + 4; }

    std::vector<std::uint8_t> bytes_;  ///< from at_ on
    std::size_t at_ = 0;
    std::size_t chunk_ = 0;  ///< what take() gave last
    std::uint64_t framing_ = 0;
    SendMeter meter_;
};

}  // namespace livepusher::rtmp
