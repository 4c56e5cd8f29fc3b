// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/properties.hpp>

#include <cstdint>
#include <optional>

#include "av/av.hpp"
#include "media/orientation.hpp"

namespace livepusher::capture {

/// What a display matrix (libavutil/display.h: nine numbers) asks for, to the nearest quarter turn; none where it shows nothing.
base::Orientation matrixOrientation(const std::int32_t* matrix);

/// What the container says of a stream; empty where it says nothing.
std::optional<base::Orientation> containerOrientation(const AVStream& stream);

/// How the pictures of one track are to be turned. The container's word goes before the pictures' own: files that have both
/// mean the same by them. Without it: the display orientation SEI of H.264 and HEVC, which holds from its picture on until the
/// next one or a cancel, in the order of showing, and EXIF in each picture of JPEG, PNG and WebP. Belongs to one thread.
class OrientationTracker {
public:
    OrientationTracker() = default;  ///< of a track that is turned by nothing
    explicit OrientationTracker(const AVStream& stream);

    /// Reads a packet on its way into the decoder, and has what it says travel with it as side data, since pictures leave a
    /// decoder in another order. Errors: SourceFailed, when there is no memory.
    Result<void> note(AVPacket& packet);
    /// Of the next frame that left the decoder. Call it for each, also for those that are not shown.
    base::Orientation of(const AVFrame& frame);
    /// After a rewind to the beginning. After a seek what held is the best guess, and is kept.
    void restart();

private:
    std::optional<base::Orientation> told(const AVPacket& packet);
    void learn(const std::uint8_t* extradata, std::size_t size);

    std::optional<base::Orientation> container_;
    AVCodecID codec_ = AV_CODEC_ID_NONE;
    int lengthSize_ = 0;  ///< of NAL units; 0: they have start codes
    struct Said {
        base::Orientation orientation{};
        std::int64_t since = AV_NOPTS_VALUE;  ///< pts of the packet that said so
    };
    std::optional<Said> coming_;  ///< the last, in the order of packets
    Said held_;                   ///< in the order of showing
    bool noted_ = false;
};

}  // namespace livepusher::capture
