// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace livepusher::rtmp {

/// Bytes on their way to the network. They leave in blocks that stay where they are until they are sent:
/// TLS wants the very same bytes again after "not now". One thread.
class OutQueue {
public:
    bool empty() const { return blockAt_ == blockEnd_ && at_ == bytes_.size(); }

    void append(std::span<const std::uint8_t> bytes) {
        forgetSent();
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    }

    /// What to send next, the same until sent() has been told of all of it; empty when there is nothing.
    std::span<const std::uint8_t> next() {
        if (blockAt_ == blockEnd_) {
            blockAt_ = 0;
            blockEnd_ = std::min(block_.size(), bytes_.size() - at_);
            std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(at_), blockEnd_, block_.begin());
            at_ += blockEnd_;
        }
        return std::span(block_).subspan(blockAt_, blockEnd_ - blockAt_);
    }

    void sent(std::size_t bytes) { blockAt_ += bytes; }

private:
    static constexpr std::size_t kWorthMoving = 262'144;

    void forgetSent() {
        if (at_ != bytes_.size() && at_ < kWorthMoving) return;
        bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(at_));
        at_ = 0;
    }

    std::vector<std::uint8_t> bytes_;  ///< from at_ on
    std::size_t at_ = 0;
    std::array<std::uint8_t, 16'384> block_{};  ///< one TLS record; and no more than the kernel should hold unsent
    std::size_t blockAt_ = 0, blockEnd_ = 0;
};

}  // namespace livepusher::rtmp
