// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <utility>

namespace livepusher::rtmp {

/// Notices that a server takes nothing any more although data waits for it. TCP_USER_TIMEOUT should, but kernels before
/// 5.11 let a window that stays shut go on for ever as long as their probes are answered, and later ones count
/// from the first probe. Not locked.
class StallWatch {
public:
    using Clock = std::chrono::steady_clock;

    /// How often to note(), that an acknowledgement is seen soon enough after it came.
    static constexpr std::chrono::milliseconds kEvery{250};

    explicit StallWatch(std::chrono::milliseconds limit) : limit_(limit) {}

    /// `acknowledged`: bytes since the connection began; `waiting`: there are some that are not.
    void note(std::uint64_t acknowledged, bool waiting, Clock::time_point now) {
        // Who stood still itself can't tell whether the server did.
        const bool slept = now - std::exchange(notedAt_, now) > kSlept;
        if (waiting && waiting_ && acknowledged == acknowledged_ && !slept) return;
        acknowledged_ = acknowledged;
        waiting_ = waiting;
        since_ = now;
    }

    std::chrono::milliseconds limit() const { return limit_; }
    bool waiting() const { return waiting_; }
    bool stalled(Clock::time_point now) const { return waitsFor(limit_, now); }
    bool waitsFor(std::chrono::milliseconds time, Clock::time_point now) const { return waiting_ && now - since_ >= time; }

private:
    static constexpr std::chrono::seconds kSlept{2};

    std::chrono::milliseconds limit_;
    std::uint64_t acknowledged_ = 0;
    bool waiting_ = false;
    Clock::time_point since_, notedAt_;
};

}  // namespace livepusher::rtmp
