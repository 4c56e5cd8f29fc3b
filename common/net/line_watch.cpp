// SPDX-License-Identifier: MIT
#include "net/line_watch.hpp"

#include <cerrno>
#include <utility>

#include "base/seconds_text.hpp"
#include "net/tcp_info.hpp"

namespace livepusher::rtmp {

namespace {

using namespace std::chrono_literals;

// Each look asks the kernel for all addresses: only when there is reason to, and for what may be a plug that is moved
// to another socket, or a lease that is renewed, twice.
constexpr auto kQuiet = 1s;
constexpr auto kLookEvery = 500ms;
constexpr auto kGone = 1s;

}  // namespace

LineWatch::LineWatch(int socket, std::chrono::milliseconds stallTimeout)
    : socket_(socket), stall_(stallTimeout), wayOut_(localAddressOf(socket), localAddresses()) {}

std::optional<Error> LineWatch::check(bool queued, Clock::time_point now) {
    const auto info = tcpInfo(socket_);
    if (!info) return std::nullopt;
    stall_.note(info->acknowledged, info->waiting || queued, now);
    if (stall_.stalled(now))
        return Error{Code::TransferFailed, "the server acknowledged nothing for " + base::secondsText(stall_.limit()), ETIMEDOUT};
    return checkWayOut(now);
}

std::optional<Error> LineWatch::checkWayOut(Clock::time_point now) {
    if (!stall_.waitsFor(kQuiet, now)) {
        goneSince_.reset();
        return std::nullopt;
    }
    if (now - lookedAt_ < kLookEvery) return std::nullopt;
    lookedAt_ = now;
    auto what = wayOut_.gone(localAddresses());
    if (!what) {
        goneSince_.reset();
        return std::nullopt;
    }
    if (!goneSince_) goneSince_ = now;
    if (now - *goneSince_ < kGone) return std::nullopt;
    return Error{Code::TransferFailed, std::move(*what), ENETDOWN};
}

}  // namespace livepusher::rtmp
