// SPDX-License-Identifier: MIT
#pragma once

#include "base/queue.hpp"
#include "base/thread_name.hpp"

#include <functional>
#include <thread>
#include <utility>

namespace livepusher::session {

/// Calls a handler of the application's with pictures, on a thread of its own: one that takes its time misses some and holds
/// nothing up. `Picture` is what is handed over; `handler` makes of it what the application sees.
template <typename Picture>
class PictureHandler {
public:
    using Handler = std::function<void(const Picture&)>;

    PictureHandler(const char* threadName, Handler handler)
        : handler_(std::move(handler)), thread_([this, threadName] {
              base::nameThread(threadName);
              while (const auto picture = latest_.pop()) handler_(*picture);
          }) {}
    ~PictureHandler() {
        latest_.close();
        thread_.join();
    }
    PictureHandler(const PictureHandler&) = delete;
    PictureHandler& operator=(const PictureHandler&) = delete;

    void show(Picture picture) { latest_.push(std::move(picture)); }  ///< never waits. [any-thread]

private:
    const Handler handler_;
    base::Queue<Picture> latest_{1};
    std::thread thread_;
};

}  // namespace livepusher::session
