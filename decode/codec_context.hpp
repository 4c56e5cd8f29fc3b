// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <string>

#include "av/av.hpp"
#include "decode/hardware.hpp"
#include "media/packet.hpp"

namespace livepusher::decode {

/// A decoder that is open.
struct CodecContext {
    capture::CodecPtr codec;
    std::string name;  ///< "H.264 libavcodec h264", "H.264 VAAPI"
    bool hardware = false;
};

/// By a Config packet. Errors: NotAvailable, there is no decoder of that kind; SourceFailed, it doesn't take the Config.
Result<CodecContext> openCodec(const Packet& config);
/// The same, of pictures, by a device of that API. Errors: `setUp`'s as well.
Result<CodecContext> openCodec(const Packet& config, const HardwareSetUp& setUp, const std::string& api);

/// Gives it a packet whose time is `pts`. Answers as avcodec_send_packet() does; a packet without bytes is none and does nothing.
int sendPacket(AVCodecContext& codec, const Packet& packet, std::int64_t pts);

}  // namespace livepusher::decode
