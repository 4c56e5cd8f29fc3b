// SPDX-License-Identifier: MIT
#include "capture/camera/start_tries.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace livepusher::capture {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kEach{300};
constexpr milliseconds kOpening{5000};
constexpr milliseconds kFirstFrame{3000};  // a camera that is well gives one within 1.5 s
constexpr milliseconds kLaterFrame{5000};  // and one that is slow within 4
constexpr milliseconds kLeast{1000};       // a try that can't have so long is none
constexpr milliseconds kRights{2000};      // a new node belongs to root until udev has been there

}  // namespace

StartTries::Clock::time_point StartTries::within(Clock::time_point now, milliseconds most) const {
    if (failures_ == 0 || forEver_) return now + most;
    return std::max(std::min(now + most, *begun_ + patience_), now + kLeast);
}

StartTries::Clock::time_point StartTries::openingUntil(Clock::time_point now) const { return within(now, kOpening); }

StartTries::Clock::time_point StartTries::frameUntil(Clock::time_point now) const {
    const bool mayTryAgain = forEver_ || patience_ > kFirstFrame;
    return within(now, failures_ == 0 && mayTryAgain ? kFirstFrame : kLaterFrame);
}

bool StartTries::isHopeless(const Error& error, Clock::time_point now) {
    if (error.native == EINVAL) return true;  // no camera, or no format
    if (error.code != Code::CameraDenied) {
        wasAbsent_ = wasAbsent_ || error.native == ENOENT || error.native == ENODEV || error.native == ENXIO;
        deniedSince_.reset();
        return false;
    }
    if (!deniedSince_) deniedSince_ = now;
    return !wasAbsent_ || now - *deniedSince_ >= kRights;
}

std::optional<StartTries::Clock::time_point> StartTries::next(const Error& error, Clock::time_point now) {
    const bool first = failures_++ == 0;
    const bool hopeless = isHopeless(error, now);
    if (forEver_ && !(first && hopeless)) return now + kEach;
    if (hopeless || now + kEach + kLeast > *begun_ + patience_) return std::nullopt;
    return now + kEach;
}

std::optional<std::string> StartTries::news(const Error& error) {
    if (error.message == std::exchange(told_, error.message)) return std::nullopt;
    if (forEver_) return error.message + "; it is waited for";
    return error.message + "; it is tried again, for " + std::to_string(patience_.count() / 1000) + " s in all";
}

}  // namespace livepusher::capture
