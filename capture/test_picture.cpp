// SPDX-License-Identifier: MIT
#include "capture/test_picture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "capture/test_counter.hpp"
#include "media/glyphs.hpp"
#include "media/overlay.hpp"
#include "media/writable.hpp"

namespace livepusher::capture {
namespace {

constexpr int kDigitHeight = base::kGlyphHeight - 1;  // the last row is for letters that reach below the line

void fillPlane(std::uint8_t* plane, int stride, int x, int y, int width, int height, std::uint8_t value) {
    for (int row = y; row < y + height; ++row)
        std::memset(plane + static_cast<std::ptrdiff_t>(row) * stride + x, value, static_cast<std::size_t>(std::max(width, 0)));
}

}  // namespace

TestPicture::TestPicture(int width, int height)
    : width_(width), height_(height), background_(VideoFrame::allocate(width, height)) {
    drawBackground();
}

void TestPicture::fill(VideoFrame& frame, base::Rect r, Colour colour) {
    fillPlane(frame.mutablePlane(0), frame.stride(0), r.x, r.y, r.width, r.height, colour.y);
    fillPlane(frame.mutablePlane(1), frame.stride(1), r.x / 2, r.y / 2, r.width / 2, r.height / 2, colour.u);
    fillPlane(frame.mutablePlane(2), frame.stride(2), r.x / 2, r.y / 2, r.width / 2, r.height / 2, colour.v);
}

/// Fractions of the picture in pixels, on even ones for the chroma's sake.
base::Rect TestPicture::part(double left, double top, double width, double height) const {
    const auto even = [](double at, int length) { return std::clamp(static_cast<int>(at * length), 0, length) & ~1; };
    const int x = even(left, width_), y = even(top, height_);
    return {x, y, even(left + width, width_) - x, even(top + height, height_) - y};
}

void TestPicture::drawBackground() {
    // 75 % colour bars in BT.709, limited range (Rec. ITU-R BT.709-6 §3).
    constexpr std::array<Colour, 7> kBars{
        {{180, 128, 128}, {168, 44, 136}, {145, 147, 44}, {133, 63, 52}, {63, 193, 204}, {51, 109, 212}, {28, 212, 120}}};
    constexpr Colour kBlack{16, 128, 128};
    fill(background_, {0, 0, width_, height_}, kBlack);
    for (std::size_t i = 0; i < kBars.size(); ++i)
        fill(background_, part(static_cast<double>(i) / 7, 0, 1.0 / 7 + 0.001, 0.40), kBars[i]);
    // A ramp shows banding and crushed ends.
    const auto ramp = part(0, 0.72, 1, 0.05);
    for (int x = 0; x < width_; ++x) {
        const auto luma = static_cast<std::uint8_t>(16 + 219 * x / std::max(width_ - 1, 1));
        for (int y = ramp.y; y < ramp.y + ramp.height; ++y) background_.mutablePlane(0)[y * background_.stride(0) + x] = luma;
    }
}

/// As large as fits, in white on what is there.
void TestPicture::drawText(VideoFrame& frame, std::string_view text, base::Rect within) const {
    const int step = base::kGlyphWidth + 1, columns = static_cast<int>(text.size()) * step - 1;
    const int scale = std::min(within.width / columns, within.height / kDigitHeight);
    if (scale < 1) return;
    int left = within.x + (within.width - columns * scale) / 2;
    for (const char c : text) {
        base::drawLetter(frame, c, left, within.y + (within.height - kDigitHeight * scale) / 2, scale);
        left += step * scale;
    }
}

void TestPicture::drawCounter(VideoFrame& frame, std::uint32_t counter) const {
    const auto edge = [](double at, int length) { return static_cast<int>(std::lround(at * length)); };
    for (int row = 0; row < 2; ++row) {
        const int top = edge(TestCounter::kTop + TestCounter::kHeight * row, height_);
        const int bottom = edge(TestCounter::kTop + TestCounter::kHeight * (row + 1), height_);
        for (int block = 0; block < TestCounter::kBlocks; ++block) {
            const bool one = (counter >> (TestCounter::kBlocks - 1 - block)) & 1U;
            const int left = edge(TestCounter::kLeft + TestCounter::kWidth * block, width_);
            const int right = edge(TestCounter::kLeft + TestCounter::kWidth * (block + 1), width_);
            const std::uint8_t luma = one == (row == 0) ? 235 : 16;
            fillPlane(frame.mutablePlane(0), frame.stride(0), left, top, right - left, bottom - top, luma);
        }
    }
}

VideoFrame TestPicture::draw(std::uint32_t counter, Timestamp time) {
    auto frame = base::copied(background_, pool_);
    // Across and back in 4 s.
    const double phase = static_cast<double>(time.count() % 4'000'000) / 2e6;
    const double place = phase < 1 ? phase : 2 - phase;
    fill(frame, part(place * 0.9, 0.42, 0.1, 0.06), {210, 30, 150});

    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%06u", counter);
    drawText(frame, text.data(), part(0.05, 0.49, 0.70, 0.11));
    const auto milliseconds = time.count() / 1000;
    std::snprintf(text.data(), text.size(), "%02d:%02d:%02d.%03d", static_cast<int>(milliseconds / 3'600'000 % 100),
                  static_cast<int>(milliseconds / 60'000 % 60), static_cast<int>(milliseconds / 1000 % 60),
                  static_cast<int>(milliseconds % 1000));
    drawText(frame, text.data(), part(0.05, 0.62, 0.70, 0.08));
    if (time % Timestamp(1'000'000) < kFlash) fill(frame, part(0.80, 0.50, 0.15, 0.19), {235, 128, 128});
    drawCounter(frame, counter);
    return frame;
}

}  // namespace livepusher::capture
