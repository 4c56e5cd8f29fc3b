// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace livepusher::rtmp {

/// What is spoken over a connection, without any I/O: bytes and the time in, bytes and one time-out out. It knows no clock and
/// no socket, so it is tested without either. After each call that changes it, output() wants to be sent. One thread.
class Protocol {
public:
    using Time = std::chrono::steady_clock::time_point;

    Protocol() = default;
    virtual ~Protocol() = default;
    Protocol(const Protocol&) = delete;
    Protocol& operator=(const Protocol&) = delete;

    /// What the server sent, in any portions. Error: it ends the connection.
    virtual Result<void> handleInput(std::span<const std::uint8_t> bytes, Time now) = 0;

    /// Until when the server has to have said something; empty: for ever.
    virtual std::optional<Time> nextTimeout() const { return std::nullopt; }
    /// That this time is over, and nothing came: what the connection fails with.
    virtual Error timedOut() const { return {Code::ServerClosed, "the server did not answer in time"}; }

    /// What is to be sent next; who sends it clears it.
    std::vector<std::uint8_t>& output() { return output_; }

    /// The end or the failure of the connection in better words, where there are some.
    virtual Error lost(Error error) const { return error; }

private:
    std::vector<std::uint8_t> output_;
};

}  // namespace livepusher::rtmp
