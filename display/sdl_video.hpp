// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <string>
#include <utility>
#include <vector>

namespace livepusher::display {

/// The use of SDL's video by this process: one at a time, from open() to the destructor, on one thread.
/// Takes no signals, keeps the screen saver, inits nothing but video and events, and leaves alone whatever the application uses
/// of the rest of SDL.
class SdlVideo {
public:
    SdlVideo() = default;
    ~SdlVideo();
    SdlVideo(const SdlVideo&) = delete;
    SdlVideo& operator=(const SdlVideo&) = delete;

    /// NotAvailable: without a desktop, or while someone else in this process uses SDL's video.
    Result<void> open();
    /// Leaves it as it is: after its desktop has gone, when nothing more can be done with it in this process.
    void leave();

private:
    std::vector<std::pair<const char*, std::string>> hints_;  // that this object has set
    bool loaded_ = false;
    bool open_ = false;
};

}  // namespace livepusher::display
