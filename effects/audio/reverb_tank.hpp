// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "effects/audio/dsp/combs.hpp"
#include "effects/audio/reverb_room.hpp"

namespace livepusher::effects {

/// The late sound of a room for one channel: eight combs beside each other, four allpasses after them, as Schroeder and
/// Moorer had them and Freeverb tuned them.
class ReverbTank {
public:
    /// Each channel has other lengths, so that the room has width.
    ReverbTank(const Room& room, double rate, int channel);

    /// Noise comes out about as loud as it went in.
    void process(std::span<const float> in, std::span<float> out);

private:
    std::optional<dsp::Combs> combs_;
    std::optional<dsp::Comb> pipe_;
    std::vector<dsp::Allpass> allpasses_;
    float gain_;
};

}  // namespace livepusher::effects
