// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/log.hpp>

#include <charconv>
#include <string>
#include <string_view>
#include <vector>

#include "loopback_server.hpp"

namespace livepusher::rtmp::test {

/// What is logged while it lives.
struct LogLines {
    LogLines() {
        setLogHandler([this](LogLevel, std::string_view line) { lines.emplace_back(line); });
    }
    ~LogLines() { setLogHandler({}); }
    LogLines(const LogLines&) = delete;
    LogLines& operator=(const LogLines&) = delete;

    std::vector<std::string> lines;
};

/// The server's end of one POST in chunks. It reads HTTP by itself, not with the library under test.
class HttpPeer {
public:
    explicit HttpPeer(Peer& peer) : peer_(peer) {}

    /// Up to and with the empty line.
    std::string head() {
        std::string out;
        while (!out.ends_with("\r\n\r\n")) out += byte();
        return out;
    }

    /// Empty at the body's end.
    Bytes chunk() {
        std::string size;
        while (!size.ends_with("\r\n")) size += byte();
        std::size_t length = 0;
        const auto [end, error] = std::from_chars(size.data(), size.data() + size.size() - 2, length, 16);
        EXPECT_TRUE(error == std::errc{} && end == size.data() + size.size() - 2) << size;
        Bytes out = peer_.read(length);
        received_ += length;
        EXPECT_EQ(byte(), '\r');
        EXPECT_EQ(byte(), '\n');
        return out;
    }

    Bytes body() {
        Bytes out;
        for (Bytes next = chunk(); !next.empty(); next = chunk()) out.insert(out.end(), next.begin(), next.end());
        return out;
    }

    void answer(const std::string& status) { peer_.send(text("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n")); }

    std::size_t received() const { return received_; }  ///< all bytes

private:
    char byte() {
        ++received_;
        return static_cast<char>(peer_.read(1)[0]);
    }

    Peer& peer_;
    std::size_t received_ = 0;
};

}  // namespace livepusher::rtmp::test
