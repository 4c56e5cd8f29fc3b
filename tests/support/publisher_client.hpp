// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "flv/publishers.hpp"
#include "gate.hpp"
#include "packets.hpp"
#include "rtmp/publishers.hpp"
#include "srt/publishers.hpp"

namespace livepusher::rtmp::test {

using namespace std::chrono_literals;

inline constexpr const char* kKey = "s3cr3t-key?token=t0ken-value";

inline constexpr const char* kHttpKey = "s3cr3t-key.flv?token=t0ken-value";

inline std::string urlOf(int port, const std::string& scheme = "rtmp", const char* host = "127.0.0.1") {
    const char* key = scheme.starts_with("http") ? kHttpKey : kKey;
    return scheme + "://" + host + ":" + std::to_string(port) + "/live/" + key;
}

inline void expectNoKey(const Error& error) {
    EXPECT_EQ(error.message.find("s3cr3t"), std::string::npos) << error.message;
    EXPECT_EQ(error.message.find("t0ken"), std::string::npos) << error.message;
}

inline std::unique_ptr<Publisher> makePublisher(base::Url::Scheme scheme) {
    if (scheme == base::Url::Scheme::Srt) return srt::makeSrtPublisher();
    return scheme == base::Url::Scheme::HttpFlv ? makeHttpFlvPublisher() : makeRtmpPublisher();
}

/// A publisher under test, and who hears it; no error of it may hold the key.
struct Client final : PublisherObserver {
    PublisherSettings settings;
    int connected = 0;
    std::vector<ReconnectRequest> requests;
    std::string redirectedTo;
    base::EventFd wake;
    std::unique_ptr<Publisher> publisher;

    explicit Client(base::Url::Scheme scheme = base::Url::Scheme::Rtmp) : publisher(makePublisher(scheme)) {}

    Result<void> connect(const std::string& url) { return shown(publisher->open(*base::Url::parse(url), settings, *this)); }
    Result<void> open(const std::string& url) {
        auto done = connect(url);
        return done ? shown(publisher->begin()) : done;
    }
    Result<void> write(const Packet& packet) { return shown(publisher->write(packet)); }
    void close(EndReason reason = EndReason::Ended) { EXPECT_TRUE(publisher->close(reason)); }
    /// Serves the connection, with nothing to write, until it fails.
    Error failure() {
        for (;;)
            if (auto done = publisher->idle(Publisher::Clock::time_point::max(), wake); !done) return shown(done).error();
    }
    /// The same until `gate` is open.
    void serve(const Gate& gate) {
        while (!gate.isOpen())
            if (const auto done = shown(publisher->idle(Publisher::Clock::now() + 5ms, wake)); !done) {
                ADD_FAILURE() << done.error().message;
                return;
            }
    }

private:
    static Result<void> shown(Result<void> done) {
        if (!done) expectNoKey(done.error());
        return done;
    }
    void transportConnected() override { ++connected; }
    void redirected(const std::string& to) override { redirectedTo = to; }
    void reconnectRequested(const ReconnectRequest& request) override { requests.push_back(request); }
};

/// Writes until the network takes no more.
inline void writeUntilFull(Client& client, Result<void>& last) {
    do last = client.write(media(Packet::Track::Audio, Packet::Kind::Key, 0, 0, Bytes(50'000, 'x')));
    while (last);
}

/// Returns when nothing moves any more: the kernel takes nothing and the bound is reached.
inline void awaitFull(const Client& client) {
    for (std::uint64_t before = 0;;) {
        const auto now = client.publisher->statistics();
        EXPECT_LE(now.bytesQueued, 64U * 1024 + 51'000);
        if (now.bytesQueued >= 64 * 1024 && now.bytesSent == before) return;
        before = now.bytesSent;
        std::this_thread::yield();
    }
}

inline Packet sound(std::int64_t us, const Bytes& data = text("aac")) {
    return media(Packet::Track::Audio, Packet::Kind::Key, us, us, data);
}

}  // namespace livepusher::rtmp::test
