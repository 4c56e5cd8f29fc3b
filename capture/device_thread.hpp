// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "capture/av.hpp"

namespace livepusher::capture {

/// What to open and whom to tell. The functions are called on the device's thread, possibly once after
/// DeviceThread::stop(), when a driver hangs: they must own what they use.
struct DeviceInput {
    const AVInputFormat* format = nullptr;
    std::string name;  ///< as the format wants it
    std::map<std::string, std::string> options{};
    std::string title;  ///< for messages
    /// A decoded frame and the moment it was captured at, as far as the device tells.
    std::function<void(AVFrame& frame, Timestamp moment)> onFrame{};
    std::function<void(int error)> onError{};
};

/// Reads one capture device through libavformat on a thread of its own. [video, audio]
class DeviceThread {
public:
    ~DeviceThread() { stop(); }

    struct Opened {
        int error = 0;  ///< AVERROR; nothing runs then
        int width = 0, height = 0;
        double fps = 0;
        std::string codec{};
    };
    /// Opens the device and waits for that, at most 5 s.
    Opened start(DeviceInput input);
    /// A driver that doesn't come back within 0.5 s is left alone with its thread, which then ends by itself.
    void stop();
    /// Lets a start() that waits, and all further ones, return with AVERROR_EXIT. [any-thread]
    void interrupt();

private:
    struct Run;
    static void read(Run& run);
    static Opened open(Run& run);

    std::mutex mutex_;  ///< of run_ and interrupted_
    bool interrupted_ = false;
    std::shared_ptr<Run> run_;
    std::thread thread_;
};

}  // namespace livepusher::capture
