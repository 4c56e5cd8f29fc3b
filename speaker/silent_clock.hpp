// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <cstdint>

#include "base/frame_time.hpp"
#include "speaker/speaker.hpp"

namespace livepusher::speaker {

/// When blocks of 10 ms are due where no device asks for them: exactly as fast as the steady clock goes. Pure.
class SilentClock {
public:
    static constexpr std::int64_t kBlock = kFormat.sampleRate / 100;  ///< frames
    static constexpr Timestamp kStoodStill{500'000};                  ///< what is missed by more is not made up for

    void begin(Timestamp at) {
        origin_ = at;
        blocks_ = 0;
    }
    Timestamp next() const { return origin_ + base::lengthOf(blocks_ * kBlock, kFormat.sampleRate); }  ///< when one is due
    void taken() { ++blocks_; }
    /// The machine slept, or the thread did: it has to begin anew.
    bool stoodStill(Timestamp at) const { return at - next() > kStoodStill; }

private:
    Timestamp origin_{};
    std::int64_t blocks_ = 0;
};

}  // namespace livepusher::speaker
