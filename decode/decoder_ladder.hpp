// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/player_properties.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "decode/codec_context.hpp"
#include "decode/hardware.hpp"

namespace livepusher::decode {

/// Whether a stream is worth the copy back from a device's memory. H.264 is not, up to 1920x1088 pixels and 30 pictures a second;
/// HEVC and AV1 are from 1920x1080 on. Pure.
bool isWorthHardware(const Packet& config);

/// Opens the decoder that a Config asks for: of hardware where it is wanted and there is some, else of software. Belongs to one
/// thread, which it holds up for `patience` at most, however long a driver hangs.
class DecoderLadder {
public:
    static constexpr std::chrono::milliseconds kPatience{2000};

    DecoderLadder(VideoDecoderType type, std::vector<HardwareApi> apis, DecoderObserver& observer,
                  std::chrono::milliseconds patience = kPatience);

    /// As openCodec(). Tells the observer, once, that hardware was asked for and can't be had.
    Result<CodecContext> open(const Packet& config);
    /// Hardware did not do what it promised: all that is opened from now on is software.
    void giveUp(const std::string& why);

private:
    struct Step {
        HardwareApi api;
        std::optional<Result<HardwareSetUp>> setUp;  ///< what came of opening its device; none: not tried yet
    };
    std::optional<CodecContext> openHardware(const Packet& config);

    VideoDecoderType type_;
    std::vector<Step> steps_;
    DecoderObserver& observer_;
    std::chrono::milliseconds patience_;
    bool givenUp_ = false, told_ = false;
};

}  // namespace livepusher::decode
