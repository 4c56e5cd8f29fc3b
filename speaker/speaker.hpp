// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "media/audio_format.hpp"

namespace livepusher::speaker {

/// What every speaker takes; the sound server or the card makes of it what it needs.
inline constexpr base::AudioFormat kFormat{.sampleRate = 48000, .channels = 2};

/// The device that takes sound and gives it to nobody, at the steady clock's pace.
inline constexpr const char* kNoDevice = "none";

/// `soundMode`.
enum class Role {
    Speaker,  ///< the default device, for media
    Ear,      ///< a handset, a headset or headphones where the sound server has them, for talks
};

struct SpeakerOptions {
    /// A sink of the sound server, or a device of ALSA ("hw:…", "alsa:NAME"); kNoDevice; empty: the default one. What is named
    /// is heard, or nothing is; what is not, follows the default and `role`.
    std::string device{};
    Role role = Role::Speaker;
    Timestamp latency{60'000};  ///< from a sample's being taken to its being heard, as far as the device follows
};

/// Gives what is to be heard.
class SampleSource {
public:
    /// Fills it with the next samples of kFormat. For real time: neither waits, nor locks, nor allocates. [speaker device or
    /// speaker, one at a time]
    virtual void fill(std::span<float> samples) = 0;

protected:
    ~SampleSource() = default;
};

/// What a device has told: that this frame was being heard then. Frames are counted from open() on, as the source gave them.
struct Heard {
    std::int64_t frames = 0;
    Timestamp at{};
    std::uint32_t line = 0;  ///< of another number: of another device, or it began anew; no line goes through both
};

/// Hears what becomes of the device. [speaker]
class SpeakerObserver {
public:
    /// Sound is heard from it: the first time, and again after each loss.
    virtual void onSpeakerOpened(const std::string& device) { (void)device; }
    /// It goes to another device, by the sound server's hand, the user's or setRole()'s.
    virtual void onSpeakerMoved(const std::string& device) { (void)device; }
    /// There is none, or it is gone, or hung: time goes on without sound, and the device is looked for. Told once, until it is
    /// there.
    virtual void onSpeakerLost(const Error& why) { (void)why; }

protected:
    ~SpeakerObserver() = default;
};

/// A loudspeaker that knows when each sample is heard. Without a device, and while it is gone, samples are taken as if
/// there were one. Belongs to one thread, but for heard().
class Speaker {
public:
    virtual ~Speaker() = default;
    /// Begins to take samples as soon as a device answers, or it is clear that none does, 1 s at most. Waits for nothing.
    /// `source` and `observer`: until close(). Errors: InternalFailure, without a thread to have; InvalidState, when it is open.
    virtual Result<void> open(const SpeakerOptions& options, SampleSource& source, SpeakerObserver& observer) = 0;
    virtual void setRole(Role role) = 0;             ///< while it is open
    virtual void setLatency(Timestamp latency) = 0;  ///< while it is open; a card keeps its own
    /// The latest; empty: nothing yet. Told each 10 to 100 ms. [any-thread]
    virtual std::optional<Heard> heard() const = 0;
    /// Afterwards neither source nor observer is called. Takes 400 ms at most, whatever the device does. Not from the observer.
    virtual void close() = 0;
};

using SpeakerFactory = std::function<std::unique_ptr<Speaker>()>;

}  // namespace livepusher::speaker
