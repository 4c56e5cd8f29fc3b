// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <string>

#include "av/av.hpp"
#include "media/packet.hpp"

namespace livepusher::decode {

/// A decoder that is open.
struct CodecContext {
    capture::CodecPtr codec;
    std::string name;  ///< "H.264 libavcodec h264"
};

/// By a Config packet. Errors: NotAvailable, there is no decoder of that kind; SourceFailed, it doesn't take the Config.
Result<CodecContext> openCodec(const Packet& config);

/// Gives it a packet whose time is `pts`. Answers as avcodec_send_packet() does; a packet without bytes is none and does nothing.
int sendPacket(AVCodecContext& codec, const Packet& packet, std::int64_t pts);

}  // namespace livepusher::decode
