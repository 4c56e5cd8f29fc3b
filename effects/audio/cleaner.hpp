// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "effects/audio/processor.hpp"

namespace livepusher::effects {

/// Noise suppression and gain control of the microphone. Each fades in and out while sound goes through, and the delay
/// is the same whatever is on.
class Cleaner : public AudioProcessor {
public:
    /// Before the first block at once, later within 100 ms.
    virtual void setNoiseSuppression(bool on) = 0;
    virtual void setGainControl(bool on) = 0;
};

/// For 16000 or 48000 Hz; both off.
std::unique_ptr<Cleaner> makeCleaner(const AudioFormat& format);

}  // namespace livepusher::effects
