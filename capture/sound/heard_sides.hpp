// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/properties.hpp>

#include <array>
#include <cstddef>
#include <vector>
#include "media/audio_format.hpp"

namespace livepusher::capture {

/// Which sides of a microphone's two channels are heard. A microphone at one input of a sound card is a stereo source with
/// one dead side: by itself (MicChannels::automatic) that is found after 2 s of sound, and the side that lives is heard on
/// both; when the dead one comes alive it is stereo again. Every change is a cross-fade. Belongs to one thread.
class HeardSides {
public:
    /// `channels`: 1 or 2, of what comes out.
    explicit HeardSides(base::AudioFormat format);

    /// Begins anew: the source may be another.
    void reset();
    /// Appends to `out` what is heard of interleaved stereo.
    void process(const float* stereo, std::size_t frames, MicChannels wanted, std::vector<float>& out);
    /// The side that automatic leaves out now: none, left, right.
    enum class Dead { None, Left, Right };
    Dead dead() const { return dead_; }

private:
    using Gains = std::array<float, 4>;  ///< left from left, left from right, right from left, right from right

    void judge(const float* stereo, std::size_t frames);
    void judgeWindow();
    Gains target(MicChannels wanted) const;

    const int channels_;
    const std::size_t window_, fade_;  ///< frames
    std::array<double, 2> energy_{};   ///< of the window so far
    std::size_t inWindow_ = 0;
    std::array<int, 2> deadFor_{};  ///< windows, of sound on the other side
    Dead dead_ = Dead::None;
    Gains from_{}, to_{};
    std::size_t faded_ = 0;  ///< frames of the fade from `from_` to `to_` that have passed
    bool begun_ = false;
};

}  // namespace livepusher::capture
