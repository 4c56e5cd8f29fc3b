// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>
#include <livepusher/properties.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "media/picture_size.hpp"

namespace livepusher::effects {

/// One step of the picture pipeline. Belongs to the video thread.
class VideoEffect {
public:
    virtual ~VideoEffect() = default;
    /// Changes the frame in place, or puts another in its place. The frame given may be shared: then
    /// one that has to change is replaced, never written, and one that hasn't stays as it is.
    virtual void apply(VideoFrame& frame, base::PictureSize target, const Properties& properties) = 0;
};

/// Makes a little more or less of the microphone's sound, whose clock is not the session's. Interleaved float. Belongs
/// to the audio thread.
class ClockMatcher {
public:
    virtual ~ClockMatcher() = default;
    /// Appends to `out` what comes out of whole frames of any number. `ppm`: so many millionths more come out than go in,
    /// clamped to ±1000. As long as it was always 0, what went in comes out to the bit.
    virtual void process(std::span<const float> samples, double ppm, std::vector<float>& out) = 0;
    virtual std::size_t delay() const = 0;  ///< frames that are in and not out yet
};

/// Which part of the sound that went in some of what came out stands for.
struct StretchedPiece {
    std::size_t frames = 0;  ///< of what came out
    std::int64_t first = 0;  ///< which of the frames that went in, counted from 0, the first of them is; the rest follow it
};

/// Plays sound faster or slower, and at its own pitch. Interleaved float. Belongs to one thread.
class TimeStretcher {
public:
    static constexpr double kSlowest = 0.8, kFastest = 1.25;

    virtual ~TimeStretcher() = default;
    /// Appends to `out` what comes out of whole frames of any number, and to `pieces` what that stands for: all of it, in its
    /// order. `speed`: of what goes in to what comes out, within the two above. At 1 all that went in has come out, to the bit
    /// and at once; else it comes now sooner, now later, by delay(), and in the long run exactly as fast.
    virtual void process(std::span<const float> samples, double speed, std::vector<float>& out,
                         std::vector<StretchedPiece>& pieces) = 0;
    virtual std::size_t delay() const = 0;  ///< frames that are in and not out yet: at most 45 ms, and what was given last
};

/// Lets sound go over into sound from elsewhere of the same stream, unheard. Interleaved float. Belongs to one thread.
class SoundJoiner {
public:
    virtual ~SoundJoiner() = default;
    virtual std::size_t length() const = 0;  ///< frames that go over: 20 ms
    virtual std::size_t range() const = 0;   ///< frames that may be left out of the new so that both are alike there: 20 ms
    /// `from`: length() frames, that would have come next; `into`: length() + range(), of the new place. Appends length() frames
    /// to `out`. Gives how many frames of `into` are then over: with the rest of it the sound goes on.
    virtual std::size_t join(std::span<const float> from, std::span<const float> into, std::vector<float>& out) = 0;
};

class MusicInput {
public:
    /// Fills the span with the next of the music and answers true; false: there is none. Never waits. [audio]
    virtual bool read(std::span<float> samples) = 0;

protected:
    ~MusicInput() = default;
};

/// What goes into a push besides the microphone, and how loud each is.
struct AudioMix {
    double microphoneVolume = 1;  ///< 0..1
    double musicVolume = 1;       ///< 0..1
    bool microphoneOn = true;     ///< false: silence in its place
    MusicInput* music = nullptr;  ///< null: none
};

/// The sound pipeline: microphone through noise suppression, gain control, voice changer, reverb and its volume; music;
/// limiter. Interleaved float. Belongs to the audio thread.
class AudioChain {
public:
    virtual ~AudioChain() = default;
    /// Takes whole frames, at most 100 ms of them, and appends to `out` what is ready: in order and without a gap, delay()
    /// behind what came in. With everything off it is what came in, to the bit.
    virtual void apply(std::span<const float> samples, const AudioMix& mix, const Properties& properties,
                       std::vector<float>& out) = 0;
    /// Frames that are in and not out yet. Changes as effects are switched on and off.
    virtual std::size_t delay() const = 0;
    /// The microphone after its volume over the last 100 ms, 0..100: (dBFS + 60) / 60 of it.
    virtual int microphoneLevel() const = 0;
};

}  // namespace livepusher::effects
