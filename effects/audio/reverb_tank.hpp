// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "effects/audio/dsp/allpass.hpp"
#include "effects/audio/dsp/comb.hpp"
#include "effects/audio/dsp/combs.hpp"

namespace livepusher::effects {

/// The late sound of a room for one channel: eight combs beside each other, four allpasses after them, as Schroeder and
/// Moorer had them and Freeverb tuned them.
class ReverbTank {
public:
    struct Settings {
        double rate;    ///< Hz
        double rt60;    ///< s
        double damp;    ///< as Room::damp
        double size;    ///< as Room::size
        int channel;    ///< each has other lengths, so that the room has width
        double pipeMs;  ///< as Room::pipeMs
    };

    explicit ReverbTank(const Settings& settings);

    /// Noise comes out about as loud as it went in.
    void process(std::span<const float> in, std::span<float> out);

private:
    std::optional<dsp::Combs> combs_;
    std::optional<dsp::Comb> pipe_;
    std::vector<dsp::Allpass> allpasses_;
    float gain_;
};

}  // namespace livepusher::effects
