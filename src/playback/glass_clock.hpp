// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include "decode/decoder.hpp"
#include "media/capture_time.hpp"

#include <atomic>
#include <cstdint>
#include <optional>

namespace livepusher::playback {

/// How long pictures are on their way from the lens to the screen, of a stream whose key frames carry when they were captured
/// (docs/capture-time.md): of those between, their time stamps tell.
class GlassClock {
public:
    void restart() {
        captured_.reset();
        delay_ = kUnknown;
    }
    /// It is shown at `at`, on now()'s clock. [show]
    void shown(const decode::Picture& picture, Timestamp at) {
        for (const auto& data : picture.userData)
            if (!data.ours)
                if (const auto captured = base::captureTime(data.bytes)) captured_ = {*captured, picture.frame.pts};
        if (!captured_) return;
        const auto since = picture.frame.pts - captured_->media;
        if (since < Timestamp(0) || since > kBelieved) return;
        delay_ = (base::utcAt(at) - (captured_->at + since)).count();
    }
    /// µs, as the two clocks have it; empty: the stream doesn't tell. [any-thread]
    std::optional<Timestamp> delay() const {
        const auto delay = delay_.load();
        return delay == kUnknown ? std::nullopt : std::optional(Timestamp(delay));
    }

private:
    static constexpr std::int64_t kUnknown = INT64_MIN;
    static constexpr Timestamp kBelieved{60'000'000};  ///< so far from a key frame nothing is believed
    struct Captured {
        base::UtcTime at{};
        Timestamp media{};
    };
    std::optional<Captured> captured_;
    std::atomic<std::int64_t> delay_{kUnknown};
};

}  // namespace livepusher::playback
