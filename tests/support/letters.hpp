// SPDX-License-Identifier: MIT
#pragma once

#include "media/glyphs.hpp"
#include "media/overlay.hpp"

#include <string>

namespace livepusher::test {

inline int lumaAt(const VideoFrame& frame, int x, int y) { return frame.plane(0)[y * frame.stride(0) + x]; }

/// The letter that stands there, all its pixels compared; 0 when none does.
inline char letterAt(const VideoFrame& frame, const base::TextLayout& at, int column, int row) {
    const auto bright = [&](int x, int y) {
        const int left = at.left + column * at.columnStep() + x * at.scale;
        const int top = at.top + row * at.lineStep() + y * at.scale;
        int white = 0;
        for (int dy = 0; dy < at.scale; ++dy)
            for (int dx = 0; dx < at.scale; ++dx) white += lumaAt(frame, left + dx, top + dy) > 200 ? 1 : 0;
        return white == at.scale * at.scale ? 1 : white == 0 ? 0 : -1;
    };
    for (char c = ' '; c <= '~'; ++c) {
        bool same = true;
        for (int y = 0; y < base::kGlyphHeight && same; ++y)
            for (int x = 0; x < base::kGlyphWidth && same; ++x)
                same = bright(x, y) == ((base::glyphOf(c)[static_cast<std::size_t>(y)] >> (base::kGlyphWidth - 1 - x)) & 1);
        if (same) return c;
    }
    return 0;
}

/// What is written there, `length` letters of it.
inline std::string lettersOf(const VideoFrame& frame, int row, std::size_t length) {
    const auto at = base::layoutText(frame.width(), frame.height());
    std::string text;
    for (std::size_t i = 0; i < length; ++i) text += letterAt(frame, at, static_cast<int>(i), row);
    return text;
}

}  // namespace livepusher::test
