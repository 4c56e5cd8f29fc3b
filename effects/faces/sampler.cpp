// SPDX-License-Identifier: MIT
#include "effects/faces/sampler.hpp"

#include <libyuv.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "effects/faces/rotated_square.hpp"
#include "media/planes.hpp"

namespace livepusher::effects::faces {

namespace {

constexpr std::size_t kPixel = 4;  // bytes of libyuv's ARGB: B, G, R, A

/// The even rectangle around a box, inside the picture; never empty.
base::Rect around(const Box& box, const VideoFrame& picture) {
    const auto low = [](float value, int size) { return std::clamp(static_cast<int>(std::floor(value)), 0, size - 2) & ~1; };
    const auto high = [](float value, int from, int size) {
        return std::clamp((static_cast<int>(std::ceil(value)) + 1) & ~1, from + 2, size);
    };
    const int x = low(box.left, picture.width()), y = low(box.top, picture.height());
    return {x, y, high(box.right, x, picture.width()) - x, high(box.bottom, y, picture.height()) - y};
}

void toRgb(const base::Source& from, bool bt709, std::vector<std::uint8_t>& pixels) {
    pixels.resize(static_cast<std::size_t>(from.width) * static_cast<std::size_t>(from.height) * kPixel);
    [[maybe_unused]] const int result = libyuv::I420ToARGBMatrix(
        from.plane[0], from.stride[0], from.plane[1], from.stride[1], from.plane[2], from.stride[2], pixels.data(),
        from.width * 4, bt709 ? &libyuv::kYuvH709Constants : &libyuv::kYuvI601Constants, from.width, from.height);
    assert(result == 0);
}

}  // namespace

void Sampler::square(const VideoFrame& picture, const Region& region, int side, ValueRange range, std::span<float> rgb) {
    assert(rgb.size() == static_cast<std::size_t>(side) * static_cast<std::size_t>(side) * 3);
    const float across = std::cos(region.angle), down = std::sin(region.angle);
    const float reach = region.side / 2 * (std::abs(across) + std::abs(down)) + 2;
    const auto& c = region.centre;
    const base::Rect part = around({c.x - reach, c.y - reach, c.x + reach, c.y + reach}, picture);
    toRgb(base::viewOf(picture, part), picture.bt709, pixels_);

    int width = part.width, height = part.height;
    float scale = 1;
    // Bilinear sampling sees two pixels: more of them for one of the square's are averaged before.
    while (region.side * scale > 2.2F * static_cast<float>(side) && width >= 4 && height >= 4) {
        const int halfWidth = width / 2, halfHeight = height / 2;
        halved_.resize(static_cast<std::size_t>(halfWidth) * static_cast<std::size_t>(halfHeight) * kPixel);
        libyuv::ARGBScale(pixels_.data(), width * 4, width & ~1, height & ~1, halved_.data(), halfWidth * 4, halfWidth,
                          halfHeight, libyuv::kFilterBox);
        std::swap(pixels_, halved_);
        width = halfWidth;
        height = halfHeight;
        scale /= 2;
    }
    const float step = region.side * scale / static_cast<float>(side);
    const float half = static_cast<float>(side - 1) / 2;
    RotatedSquare square;
    square.stepX = across * step;
    square.stepY = down * step;
    // Pixels' centres lie at 0.5: of the picture as of the square.
    square.firstX = (c.x - static_cast<float>(part.x)) * scale - 0.5F - (square.stepX - square.stepY) * half;
    square.firstY = (c.y - static_cast<float>(part.y)) * scale - 0.5F - (square.stepY + square.stepX) * half;
    square.side = side;
    square.black = range.black;
    square.perLevel = (range.white - range.black) / 255;
    sampleRotated(pixels_.data(), width, height, square, rgb.data());
}

float Sampler::letterbox(const VideoFrame& picture, const Box& part, int side, ValueRange range, std::span<float> rgb) {
    assert(rgb.size() == static_cast<std::size_t>(side) * static_cast<std::size_t>(side) * 3);
    const base::Rect from = around(part, picture);
    const float perPixel = static_cast<float>(std::max(from.width, from.height)) / static_cast<float>(side);
    const auto fitted = [&](int size) {
        return std::clamp(static_cast<int>(std::lround(static_cast<float>(size) / perPixel)) & ~1, 2, side);
    };
    const int width = fitted(from.width), height = fitted(from.height);
    const auto pixels = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    planes_.resize(pixels * 3 / 2);
    const base::Target small{
        {planes_.data(), planes_.data() + pixels, planes_.data() + pixels * 5 / 4}, {width, width / 2, width / 2}, width, height};
    base::scale(base::viewOf(picture, from), small);
    toRgb({{small.plane[0], small.plane[1], small.plane[2]}, small.stride, width, height}, picture.bt709, pixels_);

    std::fill(rgb.begin(), rgb.end(), range.black);
    const float perLevel = (range.white - range.black) / 255;
    const int left = (side - width) / 2, top = (side - height) / 2;
    for (int y = 0; y < height; ++y) {
        const auto* row = pixels_.data() + static_cast<std::ptrdiff_t>(y) * width * 4;
        float* to = rgb.data() + (static_cast<std::ptrdiff_t>(y + top) * side + left) * 3;
        for (int x = 0; x < width; ++x, row += 4, to += 3) {
            to[0] = range.black + perLevel * static_cast<float>(row[2]);
            to[1] = range.black + perLevel * static_cast<float>(row[1]);
            to[2] = range.black + perLevel * static_cast<float>(row[0]);
        }
    }
    return perPixel;
}

}  // namespace livepusher::effects::faces
