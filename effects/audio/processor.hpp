// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace livepusher::effects {

/// Interleaved float samples, -1..1, in blocks of 10 ms.
struct AudioFormat {
    int sampleRate = 48000;  ///< Hz, a multiple of 100
    int channels = 2;        ///< 1 or 2
    std::size_t blockFrames() const { return static_cast<std::size_t>(sampleRate / 100); }
    std::size_t blockSamples() const { return blockFrames() * static_cast<std::size_t>(channels); }
};

/// One processor of sound, made for one format and one sound; switching it on, off and over to another is
/// Switched's work. Belongs to the audio thread.
class AudioProcessor {
public:
    virtual ~AudioProcessor() = default;
    /// Frames that what comes out lies behind what went in. Constant.
    virtual std::size_t delay() const = 0;
    /// One block, in place. Allocates nothing once a few blocks have gone through.
    virtual void process(std::span<float> block) = 0;
};

}  // namespace livepusher::effects
