// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/send_queue.hpp"

#include <gtest/gtest.h>

#include <poll.h>

#include <chrono>

namespace livepusher::pipeline {

using namespace std::chrono_literals;
using Kind = Packet::Kind;
using Track = Packet::Track;

inline Packet video(Kind kind, std::chrono::milliseconds at) { return {Track::Video, kind, at, at, nullptr, nullptr}; }
inline Packet audio(std::chrono::milliseconds at) { return {Track::Audio, Kind::Key, at, at, nullptr, nullptr}; }

/// A queue with its one outlet.
struct Queue : SendQueue {
    using SendQueue::SendQueue;
    Outlet outlet;

    std::optional<Preamble> attach(Timestamp stale = 1h) { return SendQueue::attach(outlet, stale, true); }
    void detach() { EXPECT_FALSE(SendQueue::detach(outlet)); }
    /// Waits for what only waits for its turn.
    std::optional<Packet> pop() {
        for (;;) {
            auto packet = SendQueue::pop(outlet);
            if (packet || due() == std::chrono::steady_clock::time_point::max()) return packet;
            pollfd woken{outlet.wake().fd(), POLLIN, 0};
            poll(&woken, 1, base::pollTimeout(due()));
        }
    }
    bool ended() const { return SendQueue::ended(outlet); }
};

}  // namespace livepusher::pipeline
