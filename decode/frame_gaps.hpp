// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "media/avc_config.hpp"

namespace livepusher::decode {

/// Finds out by `frame_num` that pictures are missing in a stream of H.264 (ITU-T H.264 §7.4.3): libavcodec hides it. Pure.
/// Pictures that no other needs are not counted there, and not missed.
class FrameGaps {
public:
    /// An AVCDecoderConfigurationRecord. One that can't be read: nothing is ever missing.
    void configure(std::span<const std::uint8_t> record);
    /// The next picture doesn't follow the last.
    void restart() { before_.reset(); }
    /// Of one access unit, as packets have it. True: pictures are missing before it.
    bool missing(std::span<const std::uint8_t> unit);

private:
    struct Numbering {
        int bits = 0;  ///< of frame_num; 0: the set is not there
        bool gaps = false;
        bool planes = false;
    };

    void learn(base::Nal nal);
    std::optional<std::uint32_t> read(base::Nal slice, Numbering& numbering) const;

    int lengthSize_ = 0;
    std::array<Numbering, 32> sequences_{};
    std::array<int, 256> pictures_{};      ///< of a PPS: its SPS
    std::optional<std::uint32_t> before_;  ///< frame_num of the last picture that others may need
};

}  // namespace livepusher::decode
