// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "capture/camera/v4l2.hpp"
#include "media/pipeline_size.hpp"

namespace livepusher::capture {

/// Frames in a second, as a camera has them: 30000/1001.
struct FrameRate {
    std::uint32_t frames = 0, seconds = 1;
    double fps() const { return seconds > 0 ? double(frames) / double(seconds) : 0; }
};

/// What a camera can be set to.
struct CameraOffer {
    std::uint32_t format = 0;  ///< V4L2_PIX_FMT_…
    base::PictureSize size;
    std::vector<FrameRate> rates{};       ///< it has these
    std::optional<FrameRate> slowest{};   ///< or any between this
    std::optional<FrameRate> fastest{};   ///< and this one
    double most() const;                  ///< fps; 0: the driver doesn't tell
    FrameRate nearest(double fps) const;  ///< the slowest rate that is enough, else the fastest
};

/// "YUYV", "MJPG".
std::string formatName(std::uint32_t format);

/// The pixel formats that the camera says it has, in its own order.
std::vector<std::uint32_t> cameraFormats(const V4l2Node& camera);

/// All that the camera offers in formats that can be converted, the cheapest format first. Of a size that can be chosen
/// freely: the smallest that covers `wish`, or without one the smallest and the greatest.
std::vector<CameraOffer> cameraOffers(const V4l2Node& camera, std::optional<base::PictureSize> wish);

/// What of a camera must cover the wished picture: one that is higher than wide is cut out of a wide one.
base::PictureSize wideEnough(base::PictureSize wish);

/// The offer nearest to the wish: fast enough, covering it, as small as can be, and rather raw than MJPEG; grey only
/// where there are no colours. None when nothing is offered.
std::optional<CameraOffer> chooseOffer(const std::vector<CameraOffer>& offers, base::PictureSize wish, double fps);

}  // namespace livepusher::capture
