// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/properties.hpp>

#include <span>
#include <string>

#include "av/av.hpp"
#include "capture/coded/coded_packets.hpp"

namespace livepusher::capture {

/// How one stream of libav holds its H.264 or HEVC. One thread.
class CodedTrack {
public:
    /// Parameter sets that the container tells go into `packets`. Errors: SourceFailed, when it is another codec.
    static Result<CodedTrack> open(const AVStream& stream, const std::string& label, CodedPackets& packets);

    /// The packet's, or what is wrong with it, and what the container says of new parameter sets. Errors: InvalidArgument.
    Result<CodedPackets::Taken> take(const AVPacket& packet, Timestamp pts, Timestamp dts, CodedPackets& packets);

private:
    Result<void> learn(std::span<const std::uint8_t> record, CodedPackets& packets);

    VideoCodec codec_ = VideoCodec::h264;
    int lengthSize_ = 0;  ///< 0: not told
    std::string label_;
};

}  // namespace livepusher::capture
