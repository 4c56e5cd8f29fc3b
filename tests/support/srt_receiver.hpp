// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "net/url.hpp"
#include "srt/socket.hpp"

namespace livepusher::srt::test {

inline constexpr auto kSrt = base::Url::Scheme::Srt;

/// A real SRT receiver on the loopback, by libsrt: takes one stream after the other, until it is gone. One thread and that of
/// libsrt's.
class SrtReceiver {
public:
    struct Options {
        std::string passphrase{};
        int refuse = 0;  ///< a number of SRT's access control for whoever comes
        const char* host = "127.0.0.1";
    };

    SrtReceiver() : SrtReceiver(Options{}) {}
    explicit SrtReceiver(Options options);  ///< throws std::runtime_error
    ~SrtReceiver();
    SrtReceiver(const SrtReceiver&) = delete;
    SrtReceiver& operator=(const SrtReceiver&) = delete;

    std::string url(const std::string& query = "") const;
    int port() const { return port_; }

    std::string streamId() const;             ///< of the newest caller
    std::vector<std::uint8_t> bytes() const;  ///< of the newest stream, as far as they have come
    void waitForBytes(std::size_t least) const;
    void waitForEnd() const;  ///< until a stream has ended
    void drop();              ///< closes the stream; others are welcome

private:
    static int admit(void* self, SRTSOCKET caller, int, const sockaddr*, const char* streamId);
    void run();

    const Options options_;
    Running running_;
    Socket listener_;
    int port_ = 0;
    mutable std::condition_variable changed_;  // bytes_ or ended_ has
    mutable std::mutex mutex_;                 // guards what follows
    std::string streamId_;
    std::vector<std::uint8_t> bytes_;
    int ended_ = 0;
    std::atomic<bool> leaving_{false}, dropping_{false};
    std::thread thread_;  // last
};

}  // namespace livepusher::srt::test
