// SPDX-License-Identifier: MIT
#include "media/overlay.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "media/glyphs.hpp"
#include "media/planes.hpp"
#include "media/writable.hpp"

namespace livepusher::base {

namespace {

constexpr int kColumns = 28;         // that a picture has room for at least, when that leaves letters readable
constexpr int kHeightOfScale = 240;  // px of picture for each step in size
constexpr std::uint8_t kWhite = 235, kBlack = 16;
constexpr int kMargin = 3;  // pixels of a letter around the text

/// In pieces that fit across.
std::vector<std::string_view> wrapped(std::span<const std::string> lines, int columns) {
    std::vector<std::string_view> pieces;
    for (std::string_view rest : lines) {
        do {
            pieces.push_back(rest.substr(0, static_cast<std::size_t>(columns)));
            rest.remove_prefix(pieces.back().size());
        } while (!rest.empty());
    }
    return pieces;
}

/// A quarter of the light and half of the colour stay.
void darken(const Target& box) {
    for (int y = 0; y < box.height; ++y) {
        auto* row = box.plane[0] + static_cast<std::ptrdiff_t>(y) * box.stride[0];
        for (int x = 0; x < box.width; ++x) row[x] = static_cast<std::uint8_t>(kBlack + std::max(row[x] - kBlack, 0) / 4);
    }
    for (std::size_t plane = 1; plane < 3; ++plane) {
        for (int y = 0; y < box.height / 2; ++y) {
            auto* row = box.plane[plane] + static_cast<std::ptrdiff_t>(y) * box.stride[plane];
            for (int x = 0; x < box.width / 2; ++x) row[x] = static_cast<std::uint8_t>((row[x] + 128) / 2);
        }
    }
}

/// What of a part of the picture lies at even places: colour is there for two pixels each way.
Rect evenPart(const Rect& part, const VideoFrame& frame) {
    const auto up = [](int at) { return (std::max(at, 0) + 1) & ~1; };
    const int left = up(part.x), top = up(part.y);
    return {left, top, std::max((std::min(part.x + part.width, frame.width()) - left) & ~1, 0),
            std::max((std::min(part.y + part.height, frame.height()) - top) & ~1, 0)};
}

}  // namespace

int TextLayout::columnStep() const { return (kGlyphWidth + 1) * scale; }
int TextLayout::lineStep() const { return (kGlyphHeight + 1) * scale; }

void drawLetter(VideoFrame& frame, char letter, int left, int top, int scale) {
    const auto& glyph = glyphOf(letter);
    for (int y = 0; y < kGlyphHeight * scale; ++y) {
        auto* row = frame.mutablePlane(0) + static_cast<std::ptrdiff_t>(top + y) * frame.stride(0) + left;
        const unsigned bits = glyph[static_cast<std::size_t>(y / scale)];
        for (int column = 0; column < kGlyphWidth; ++column)
            if ((bits >> (kGlyphWidth - 1 - column)) & 1U)
                std::memset(row + static_cast<std::ptrdiff_t>(column) * scale, kWhite, static_cast<std::size_t>(scale));
    }
}

TextLayout layoutText(int width, int height) {
    TextLayout at;
    const int widest = width / ((kGlyphWidth + 1) * kColumns + 2 * kMargin);
    at.scale = std::max(std::min((height + kHeightOfScale / 2) / kHeightOfScale, widest), 1);
    at.left = at.top = kMargin * at.scale;
    at.columns = std::max((width - 2 * at.left) / at.columnStep(), 0);
    at.rows = std::max((height - 2 * at.top) / at.lineStep(), 0);
    return at;
}

void drawText(VideoFrame& frame, std::span<const std::string> lines, const Rect& within, FramePool& pool) {
    const auto part = evenPart(within, frame);
    const auto at = layoutText(part.width, part.height);
    if (at.columns == 0 || at.rows == 0 || lines.empty()) return;
    auto pieces = wrapped(lines, at.columns);
    if (pieces.size() > static_cast<std::size_t>(at.rows)) pieces.resize(static_cast<std::size_t>(at.rows));
    ensureWritable(frame, pool);
    const auto longest = std::ranges::max(pieces, {}, &std::string_view::size).size();
    const auto even = [](int length, int most) { return std::min((length + 1) & ~1, most); };
    darken(writableViewOf(frame, {part.x, part.y, even(2 * at.left + static_cast<int>(longest) * at.columnStep(), part.width),
                                  even(2 * at.top + static_cast<int>(pieces.size()) * at.lineStep(), part.height)}));
    int top = part.y + at.top;
    for (const auto piece : pieces) {
        int left = part.x + at.left;
        for (const char c : piece) {
            drawLetter(frame, c, left, top, at.scale);
            left += at.columnStep();
        }
        top += at.lineStep();
    }
}

}  // namespace livepusher::base
