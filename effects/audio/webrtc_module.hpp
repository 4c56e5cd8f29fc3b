// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <span>

namespace livepusher::effects {

/// One part of WebRTC's audio processing, at work on one channel in blocks of 10 ms.
class WebrtcModule {
public:
    enum class Part { NoiseSuppression, GainControl };

    WebrtcModule(Part part, int sampleRate);
    ~WebrtcModule();

    void process(std::span<float> block);
    /// Frames that the noise suppression's output lies behind its input; gain control at 16 kHz has none.
    static int noiseSuppressionDelay(int sampleRate);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace livepusher::effects
