// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>

#include "decode/hardware.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
}

namespace livepusher::test {

/// Hardware that is libavcodec's own decoder, set up by `change`.
inline decode::HardwareApi fakeHardware(std::string name, void (*change)(AVCodecContext&)) {
    return {std::move(name), [change]() -> Result<decode::HardwareSetUp> {
                return decode::HardwareSetUp([change](AVCodecContext& codec) -> Result<void> {
                    change(codec);
                    return {};
                });
            }};
}

inline decode::HardwareApi workingHardware() {
    return fakeHardware("Works", [](AVCodecContext&) {});
}

/// Can be opened, and gives an error for each packet, as a device does that can't decode such a stream.
inline decode::HardwareApi failingHardware() {
    return fakeHardware("Fails", [](AVCodecContext& codec) {
        codec.get_format = [](AVCodecContext*, const AVPixelFormat*) { return AV_PIX_FMT_NONE; };
    });
}

/// Takes packets, and gives the first picture later than any stream asks for.
inline decode::HardwareApi silentHardware() {
    return fakeHardware("Silent", [](AVCodecContext& codec) { codec.has_b_frames = 16; });
}

/// Has no device.
inline decode::HardwareApi refusingHardware(std::string why) {
    return {"Refuses", [why = std::move(why)]() -> Result<decode::HardwareSetUp> { return Error{Code::NotAvailable, why}; }};
}

}  // namespace livepusher::test
