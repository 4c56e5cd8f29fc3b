// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "effects/audio/dsp/block_delay.hpp"
#include "effects/audio/processor.hpp"
#include "effects/audio/webrtc_module.hpp"

namespace livepusher::effects {

/// WebRTC's gain control, faded in and out. It hears the louder channel at 16 kHz; the gain that it takes, millisecond
/// by millisecond, is given to all channels in full quality: what stands left stays left, and it costs little. What
/// comes out is never above full scale by this gain.
class GainControl {
public:
    explicit GainControl(const AudioFormat& format);

    /// Before the first block at once.
    void set(bool on) { on_ = on; }
    std::size_t delay() const { return delay_; }  ///< frames, also when off
    void process(std::span<float> block);

private:
    static constexpr std::size_t kSteps = 10;  // milliseconds in a block

    void listen(std::span<const float> block);
    void decimate(std::span<const float> block, std::size_t channel);
    void apply(std::span<float> block);

    const std::size_t channels_, factor_, step_;  // step_: frames in a millisecond
    const std::vector<float> filter_;
    const std::size_t delay_;
    WebrtcModule module_;
    dsp::BlockDelay aligned_, ahead_;
    std::vector<float> heard_;             // what the filter reaches back to, and a block
    std::vector<float> before_, after_;    // the module's block at 16 kHz
    std::array<double, 2> loudness_{};     // power of each channel, slow
    std::size_t channel_ = 0;              // the one heard
    std::array<float, kSteps + 1> gains_;  // [0]: the last of the block before
    std::array<float, kSteps + 1> peaks_{};
    bool on_ = false, begun_ = false;
    float point_ = 1, share_ = 0;  // gain where the last step ended; how much of it counts
};

}  // namespace livepusher::effects
