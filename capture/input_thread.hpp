// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <thread>
#include <utility>

#include "base/fd_reader.hpp"
#include "base/thread.hpp"

namespace livepusher::capture {

/// A FdReader and the thread that reads it: what raw and pcm sources share. The input stays open between stop() and
/// start(), so that whoever writes to a FIFO only waits. [control]
class InputThread {
public:
    ~InputThread() { stop(); }

    /// Opens what is not open and begins again what has ended; then `body` runs on the thread.
    /// What `body` throws goes to `onError`, on the thread too.
    Result<void> start(const std::string& path, std::function<void()> body, std::function<void(const Error&)> onError) {
        if (auto ready = prepare(path); !ready) return ready;
        reader.clearCancel();
        auto thread = base::startThread("capture", std::move(body), std::move(onError));
        if (!thread) return thread.error();
        thread_ = std::move(*thread);
        return {};
    }

    /// Also ends a read that waits.
    void cancel() { reader.cancel(); }
    void stop() {
        reader.cancel();
        if (thread_.joinable()) thread_.join();
    }

    FdReader reader;
    bool ended = false;  ///< the thread's to set

private:
    Result<void> prepare(const std::string& path) {
        const bool again = std::exchange(ended, false);
        if (!reader.isOpen()) return reader.open(path);
        if (!again) return {};
        return reader.regularFile() ? reader.rewind() : reader.open(path);
    }

    std::thread thread_;
};

}  // namespace livepusher::capture
