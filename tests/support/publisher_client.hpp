// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "packets.hpp"
#include "rtmp/publishers.hpp"

namespace livepusher::rtmp::test {

using namespace std::chrono_literals;

inline constexpr const char* kKey = "s3cr3t-key?token=t0ken-value";

/// A door that one thread opens and others wait at.
class Gate {
public:
    void open() {
        std::lock_guard lock(mutex_);
        open_ = true;
        opened_.notify_all();
    }
    void wait() {
        std::unique_lock lock(mutex_);
        EXPECT_TRUE(opened_.wait_for(lock, 30s, [&] { return open_; }));
    }

private:
    std::mutex mutex_;
    std::condition_variable opened_;
    bool open_ = false;
};

inline constexpr const char* kHttpKey = "s3cr3t-key.flv?token=t0ken-value";

inline std::string urlOf(int port, const std::string& scheme = "rtmp", const char* host = "127.0.0.1") {
    const char* key = scheme.starts_with("http") ? kHttpKey : kKey;
    return scheme + "://" + host + ":" + std::to_string(port) + "/live/" + key;
}

inline void expectNoKey(const Error& error) {
    EXPECT_EQ(error.message.find("s3cr3t"), std::string::npos) << error.message;
    EXPECT_EQ(error.message.find("t0ken"), std::string::npos) << error.message;
}

/// A publisher under test; no error of it may hold the key.
struct Client {
    PublisherSettings settings;
    std::atomic<int> connected{0}, failures{0};
    Gate failed;
    std::unique_ptr<Publisher> publisher;  // last: its thread uses the others

    explicit Client(base::Url::Scheme scheme = base::Url::Scheme::Rtmp) : publisher(makePublisher(scheme)) {
        publisher->onFailed([this] {
            if (++failures == 1) failed.open();
        });
    }
    Result<void> open(const std::string& url) {
        auto done = publisher->open(*base::Url::parse(url), settings, [this] { ++connected; });
        if (!done) expectNoKey(done.error());
        return done;
    }
    Result<void> write(const Packet& packet) {
        auto done = publisher->write(packet);
        if (!done) expectNoKey(done.error());
        return done;
    }
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
