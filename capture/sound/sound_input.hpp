// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>
#include <livepusher/properties.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>

#include "av/av.hpp"
#include "capture/source.hpp"

namespace livepusher::capture {

/// What an input is to be, and what its thread is told meanwhile. Shared with that thread, which may outlive the source
/// when a driver hangs.
struct SoundOrder {
    SourceKind kind = SourceKind::Microphone;  ///< or System
    std::string id;                            ///< of the sound server or of ALSA; empty: the default
    WantedAudio wanted{};                      ///< what the device is asked for
    std::atomic<AudioVolumeType> role{AudioVolumeType::automatic};
    std::atomic<MicChannels> micChannels{MicChannels::automatic};
    std::atomic<bool> quit{false};

    /// For messages: microphone "x".
    std::string title() const {
        return (kind == SourceKind::System ? "system sound" : "microphone") + (id.empty() ? "" : " \"" + id + "\"");
    }
};

/// Interleaved samples as they come from a device.
struct SoundBlock {
    const void* samples = nullptr;
    std::size_t frames = 0;
    AVSampleFormat format = AV_SAMPLE_FMT_FLT;
    int sampleRate = 0;
    int channels = 0;
    Timestamp told{};     ///< how old the first sample is, as the device says; zero: it doesn't
    Timestamp waiting{};  ///< how much sound there is from it on: this block and what follows at once
};

/// Takes what an input hears, on its thread.
class SoundTaker {
public:
    virtual void take(const SoundBlock& block) = 0;

protected:
    ~SoundTaker() = default;
};

/// A stream of the sound server or a card, on the thread that hears it; wake() alone is for others.
class SoundInput {
public:
    virtual ~SoundInput() = default;
    /// Begins to hear; gives up at `until` or when the order says quit. Errors: MicrophoneDenied, MicrophoneFailed, Cancelled.
    virtual Result<void> open(Timestamp until) = 0;
    /// Gives what has come, after at most one wait until `until`. An error: it is gone and has to be opened anew.
    virtual Result<void> read(Timestamp until, SoundTaker& to) = 0;
    /// What it hears, for people; changes when the server moves it.
    virtual std::string name() const = 0;
    /// Why nothing is heard, as far as it knows, and what to do about it: "it is muted: …"; empty: it doesn't know.
    virtual std::string whySilent() = 0;
    /// open() found nothing of that kind here: another kind may be tried.
    virtual bool noServer() const { return false; }
    /// Ends a wait in open() and read(), so that they see what the order says now. [any-thread]
    virtual void wake() = 0;
};

std::unique_ptr<SoundInput> makePulseInput(std::shared_ptr<const SoundOrder> order);
std::unique_ptr<SoundInput> makeAlsaInput(std::shared_ptr<const SoundOrder> order);

}  // namespace livepusher::capture
