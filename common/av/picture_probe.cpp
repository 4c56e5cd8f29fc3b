// SPDX-License-Identifier: MIT
#include "av/picture_probe.hpp"

#include <cstring>
#include <string>

#include "av/frame_converter.hpp"

namespace livepusher::capture {

bool isAnimatedWebp(std::span<const std::uint8_t> beginning) {
    constexpr std::uint8_t kAnimation = 0x02;  // WebP container specification, "Extended File Format"
    const auto has = [&](std::size_t at, const char* text) { return std::memcmp(beginning.data() + at, text, 4) == 0; };
    return beginning.size() > 20 && has(0, "RIFF") && has(8, "WEBP") && has(12, "VP8X") && (beginning[20] & kAnimation) != 0;
}

Result<void> checkPictures(const AVCodecParameters& stream, std::span<const std::uint8_t> beginning) {
    if (stream.codec_id == AV_CODEC_ID_WEBP) {
        // A still one has told its size; an animation's is never found.
        const bool animated = isAnimatedWebp(beginning);
        if (animated || (beginning.empty() && (stream.width < 1 || stream.height < 1)))
            return Error{Code::SourceFailed,
                         std::string(animated ? "is an animated WebP" : "is an animated or damaged WebP") +
                             ", which can't be decoded: convert it to GIF, MP4 or WebM, as with webpmux or ImageMagick",
                         AVERROR_PATCHWELCOME};
    }
    return FrameConverter::check(static_cast<AVPixelFormat>(stream.format), stream.width, stream.height);
}

}  // namespace livepusher::capture
