// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "media/audio_format.hpp"

namespace livepusher::effects {

using base::AudioFormat;

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
