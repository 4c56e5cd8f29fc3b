// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/codes.hpp>

#include <algorithm>
#include <chrono>
#include <optional>

namespace program {

/// When `--keep` starts a push again that has ended by a fault: after 1, 2, 4 s and so on up to 30, from the beginning where the
/// push before lasted for ten. Pure: what has lasted is told.
class RestartPolicy {
public:
    /// None: it will never come right by itself.
    std::optional<std::chrono::seconds> next(int code) {
        if (!mayPass(code)) return std::nullopt;
        const auto pause = pause_;
        pause_ = std::min(pause_ * 2, kLongest);
        return pause;
    }
    void lasted(std::chrono::steady_clock::duration time) {
        if (time >= kGood) pause_ = kFirst;
    }

    static bool mayPass(int code) {
        using enum livepusher::Code;
        const auto* info = livepusher::describeCode(code);
        if (!info) return true;
        if (info->severity == livepusher::Severity::Call || info->fault == livepusher::Fault::Arguments) return false;
        return info->code != SuspendedTooLong && info->code != UnsupportedResolution && info->code != UnsupportedSampleRate &&
               info->code != ScreenCaptureUnsupported;
    }

private:
    static constexpr std::chrono::seconds kFirst{1}, kLongest{30}, kGood{10};
    std::chrono::seconds pause_ = kFirst;
};

}  // namespace program
