// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <cstdint>
#include <string_view>

#include "media/frame_pool.hpp"
#include "media/picture_size.hpp"

namespace livepusher::capture {

/// Draws the test picture: colour bars, a moving block, the clock and the frame counter for people and (see
/// TestCounter) for programs, and a patch that flashes with the tone's beep. What stands still is drawn once; a frame
/// costs a copy and the few parts that change. Belongs to one thread.
class TestPicture {
public:
    /// Width and height: even, 16..8192.
    TestPicture(int width, int height);

    /// The frame with number `counter` at `time` since the source began; its pts is the caller's.
    VideoFrame draw(std::uint32_t counter, Timestamp time);

    /// How long, from each full second on, the patch is white and the tone beeps.
    static constexpr Timestamp kFlash{100'000};

private:
    struct Colour {
        std::uint8_t y, u, v;
    };
    static void fill(VideoFrame& frame, base::Rect rect, Colour colour);
    base::Rect part(double left, double top, double width, double height) const;
    void drawBackground();
    void drawText(VideoFrame& frame, std::string_view text, base::Rect within) const;
    void drawCounter(VideoFrame& frame, std::uint32_t counter) const;

    const int width_, height_;
    VideoFrame background_;
    base::FramePool pool_;
};

}  // namespace livepusher::capture
