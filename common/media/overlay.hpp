// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <span>
#include <string>

#include "media/frame_pool.hpp"
#include "media/picture_size.hpp"

namespace livepusher::base {

/// How text stands in a picture of some size.
struct TextLayout {
    int scale = 1;              ///< px for one pixel of a letter
    int left = 0, top = 0;      ///< px, of the first letter
    int columns = 0, rows = 0;  ///< letters across, lines down, as many as there is room for
    int columnStep() const;     ///< px from a letter to the next
    int lineStep() const;       ///< px from a line to the next
};

/// Letters grow with the picture, as far as a line of statistics still fits across.
TextLayout layoutText(int width, int height);

/// Draws a letter's pixels in white, each as a square of `scale` px. The frame must be nobody else's.
void drawLetter(VideoFrame& frame, char letter, int left, int top, int scale);

/// Writes lines of ASCII into the upper left corner of a part of the picture, white on a darkened box. A line that is too
/// long goes on in the next; what is below the part's end is left out. A frame that others hold is replaced by a copy, never
/// written.
void drawText(VideoFrame& frame, std::span<const std::string> lines, const Rect& within, FramePool& pool);

}  // namespace livepusher::base
