// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "effects/audio/dsp/block_delay.hpp"
#include "effects/audio/processor.hpp"
#include "effects/audio/webrtc_module.hpp"

namespace livepusher::effects {

/// WebRTC's noise suppression, faded in and out. Stereo is suppressed as middle and side: where both channels are the
/// same, as of most microphones, the side is silent and costs nothing.
class NoiseSuppressor {
public:
    explicit NoiseSuppressor(const AudioFormat& format);

    /// Before the first block at once.
    void set(bool on) { on_ = on; }
    std::size_t delay() const { return delay_; }  ///< frames, also when off
    void process(std::span<float> block);

private:
    void suppress(std::span<const float> block);
    bool sideIsSilent();
    void mix(std::span<float> block);

    const std::size_t channels_, delay_;
    WebrtcModule middleModule_;
    std::unique_ptr<WebrtcModule> sideModule_;  // stereo only
    dsp::BlockDelay dry_;
    std::vector<float> middle_, side_;
    int sideSilent_ = 0;  // blocks
    bool on_ = false, begun_ = false;
    int warm_ = 0;     // blocks that the modules have heard since they were at rest
    float share_ = 0;  // of what is suppressed, in what comes out
};

}  // namespace livepusher::effects
