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

/// Raises (or lowers) the pitch and keeps the pace, by SoundTouch. What comes out wavers about delay() by a few
/// milliseconds, as it is put together from pieces of the sound.
std::unique_ptr<AudioProcessor> makePitch(double semitones, const AudioFormat& format);

/// The voice of `voiceChangerType` 1..4 and 6..11; null for another number.
std::unique_ptr<AudioProcessor> makeVoice(int voiceChangerType, const AudioFormat& format);

/// The reverb of `audioReverbType` 1..7; null for another number. Its delay is 0: the sound itself isn't held back.
std::unique_ptr<AudioProcessor> makeReverb(int audioReverbType, const AudioFormat& format);

}  // namespace livepusher::effects
