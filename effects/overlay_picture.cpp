// SPDX-License-Identifier: MIT
#include "effects/overlay_picture.hpp"

#include <libyuv.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "effects/rgb.hpp"
#include "media/picture_size.hpp"

namespace livepusher::effects {

namespace {

std::uint8_t byte(float value) { return static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L)); }

/// In another size, its colours whole again: they were multiplied by alpha, so that transparent pixels had no part in them.
base::ArgbPicture scaled(const base::ArgbPicture& picture, int width, int height) {
    base::ArgbPicture out(width, height);
    libyuv::ARGBScale(picture.bytes.data(), picture.stride(), picture.width, picture.height, out.bytes.data(), out.stride(),
                      width, height, libyuv::kFilterBox);
    for (std::size_t i = 0; i < out.bytes.size(); i += 4) {
        // libyuv's bilinear scaler makes 253 of 255: what was opaque is to stay so.
        constexpr int kOpaque = 253;
        for (std::size_t j = 0; j < 4; ++j)
            out.bytes[i + j] = static_cast<std::uint8_t>(std::min((out.bytes[i + j] * 255 + kOpaque / 2) / kOpaque, 255));
    }
    libyuv::ARGBUnattenuate(out.bytes.data(), out.stride(), out.bytes.data(), out.stride(), width, height);
    return out;
}

Yuv colourOf(const std::uint8_t* bgra, bool bt709) {
    return toYuv({static_cast<float>(bgra[2]) / 255, static_cast<float>(bgra[1]) / 255, static_cast<float>(bgra[0]) / 255},
                 bt709);
}

}  // namespace

OverlayPicture::OverlayPicture(const base::ArgbPicture& picture, const OverlayPlace& place) {
    const double aspect = static_cast<double>(picture.height) / picture.width;
    double wide = std::max(place.width * place.frameWidth, 2.0);
    wide = std::min(wide, place.frameHeight / aspect);
    const int width = std::max(base::evenLength(wide), 2),
              height = std::clamp(base::evenLength(wide * aspect), 2, place.frameHeight);
    left_ = base::evenLength(place.x * place.frameWidth);
    top_ = base::evenLength(place.y * place.frameHeight);
    shownWidth_ = std::clamp(place.frameWidth - left_, 0, width);
    shownHeight_ = std::clamp(place.frameHeight - top_, 0, height);
    for (int i = 0; i < 3; ++i) {
        auto& plane = planes_[i];
        plane.width = i == 0 ? width : width / 2;
        plane.height = i == 0 ? height : height / 2;
        const auto count = static_cast<std::size_t>(plane.width) * static_cast<std::size_t>(plane.height);
        plane.value.resize(count);
        plane.alpha.resize(count);
    }
    const auto whole = scaled(picture, width, height), half = scaled(picture, width / 2, height / 2);
    for (std::size_t i = 0; i < planes_[0].value.size(); ++i) {
        planes_[0].value[i] = byte(colourOf(&whole.bytes[4 * i], place.bt709).y);
        planes_[0].alpha[i] = whole.bytes[4 * i + 3];
    }
    for (std::size_t i = 0; i < planes_[1].value.size(); ++i) {
        const auto colour = colourOf(&half.bytes[4 * i], place.bt709);
        planes_[1].value[i] = byte(colour.u);
        planes_[2].value[i] = byte(colour.v);
        planes_[1].alpha[i] = planes_[2].alpha[i] = half.bytes[4 * i + 3];
    }
}

void OverlayPicture::draw(VideoFrame& frame) const {
    if (!visible()) return;
    for (int i = 0; i < 3; ++i) {
        const auto& plane = planes_[i];
        const int shift = i > 0;
        auto* to = frame.mutablePlane(i) + static_cast<std::ptrdiff_t>(top_ >> shift) * frame.stride(i) + (left_ >> shift);
        libyuv::BlendPlane(plane.value.data(), plane.width, to, frame.stride(i), plane.alpha.data(), plane.width, to,
                           frame.stride(i), shownWidth_ >> shift, shownHeight_ >> shift);
    }
}

}  // namespace livepusher::effects
