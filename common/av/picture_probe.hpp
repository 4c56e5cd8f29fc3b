// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <cstdint>
#include <span>

extern "C" {
#include <libavcodec/codec_par.h>
}

namespace livepusher::capture {

/// Whether a WebP, by its first 21 bytes, is an animation, of which libavcodec decodes nothing. [any-thread]
bool isAnimatedWebp(std::span<const std::uint8_t> beginning);

/// Whether the pictures of a stream that has been opened can be taken: its codec, pixel format and size, as far as they are
/// known before the first is decoded. `beginning`: of the file or of the first packet, where at hand.
/// Errors: SourceFailed, beginning with what it is; NotAvailable, as FrameConverter::check(). [any-thread]
Result<void> checkPictures(const AVCodecParameters& stream, std::span<const std::uint8_t> beginning = {});

}  // namespace livepusher::capture
