// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/send_queue.hpp"
#include "pipeline/uplink.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace livepusher::pipeline {

/// What is pushed, written to a file beside: from begin() on, so that a push that never comes about leaves no file, and
/// however its disk does. Belongs to the control thread, but for deliver().
class Recording {
public:
    struct Output {
        std::function<void()> wantKey;                  ///< [uplink]
        std::function<void(Error)> onFailed;            ///< at most once [any-thread]
        std::function<void(Code, std::string)> onFile;  ///< 20008 and 20009 [any-thread]
    };

    Recording(std::string path, std::unique_ptr<rtmp::Publisher> file, rtmp::PublisherSettings settings, Output output);

    SendQueue& queue() { return queue_; }  ///< to be set up before the first deliver()
    void begin();                          ///< the push has begun; again: nothing
    void deliver(Packet packet);           ///< [any-thread]
    /// What is queued is written, so long at most, and the file completed.
    void finish(std::chrono::milliseconds atMost);

private:
    void fail(const Error& error);

    const std::string path_;
    rtmp::PublisherSettings settings_;
    const Output output_;
    SendQueue queue_;
    std::atomic<bool> begun_{false}, failed_{false};
    std::atomic<std::chrono::steady_clock::time_point> leftOutAt_{};
    std::unique_ptr<rtmp::Publisher> file_;  // until begin()
    std::unique_ptr<Uplink> uplink_;
};

}  // namespace livepusher::pipeline
