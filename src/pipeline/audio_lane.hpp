// SPDX-License-Identifier: MIT
#pragma once

#include "base/frame_time.hpp"
#include "base/latest.hpp"
#include "capture/source.hpp"
#include "effects/effect.hpp"
#include "encode/encoder.hpp"
#include "media/audio_timeline.hpp"
#include "pipeline/audio_ring.hpp"
#include "pipeline/drift.hpp"
#include "pipeline/lane.hpp"
#include "pipeline/sound_encoding.hpp"
#include "pipeline/standstill.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace livepusher::pipeline {

/// Source to coded packets: capture thread -> ring -> audio thread (timeline, effects, music, encode). The track never
/// has a hole: silence stands in for a source that is closed, muted or late.
class AudioLane final : encode::PacketSink, capture::AudioSource::Sink {
public:
    struct Parts {
        std::unique_ptr<capture::AudioSource> source;
        std::unique_ptr<effects::ClockMatcher> clock;
        std::function<std::unique_ptr<effects::AudioChain>(base::AudioFormat)> chain;  ///< one for each push
        std::function<std::unique_ptr<encode::AudioEncoder>(AudioCodec)> encoder;      ///< one for each codec that is wanted
        effects::MusicInput* music = nullptr;                                          ///< as AudioMix has it
    };

    AudioLane(Parts parts, const base::Latest<LaneSettings>& settings, encode::PacketSink& packets, LaneObserver& observer);
    ~AudioLane();  ///< [control]
    AudioLane(const AudioLane&) = delete;
    AudioLane& operator=(const AudioLane&) = delete;

    void beginToEnd();                           ///< the destructor then waits for less, when others end too. [any-thread]
    void abandonSource() { abandoned_ = true; }  ///< it has failed for good: it is not started again. [any-thread]
    void settingsChanged() { ring_.wake(); }     ///< [any-thread]
    Result<void> push(const AudioBlockView& block) { return parts_.source->push(block); }  ///< [any-thread]
    int microphoneLevel() const { return level_.load(std::memory_order_relaxed); }         ///< 0..100. [any-thread]
    const LaneCounters& counters() const { return counters_; }
    std::uint64_t dropped() const { return ring_.dropped(); }

private:
    void run();
    void followSettings();
    void openSource();
    void await(const Error& error);
    void closeSource();
    void take(const AudioRing::Block& block);
    void silenceUntil(Timestamp to);
    void leaveGap(Timestamp to);
    bool isGap(Timestamp missing) const;
    void appendSilence(std::size_t frames);
    void append(std::span<const float> samples);
    void followCodecs();
    void encodeReady();
    void fail(const Error& error);
    void take(Packet packet) override;

    // Of the source: [capture]
    void samples(const float* samples, std::size_t frames, Timestamp pts) override {
        ring_.write(samples, frames, format_.channels, format_.sampleRate, pts);
    }
    void ended() override;
    void failed(Error why) override { observer_.sourceFailed(std::move(why)); }
    void code(Code code, std::string what) override { observer_.code(code, std::move(what)); }

    Timestamp timeOf(std::size_t frames) const { return base::lengthOf(frames, format_.sampleRate); }
    void beginTrack(Timestamp at);
    void endTrack();

    const Parts parts_;
    base::Latest<LaneSettings>::Reader settings_;
    encode::PacketSink& packets_;
    LaneObserver& observer_;
    const base::AudioFormat format_;
    const std::size_t width_;  // samples of one frame: its channels
    LaneCounters counters_;
    AudioRing ring_;
    std::atomic<bool> closing_{false};
    std::atomic<bool> ended_{false};
    std::atomic<bool> abandoned_{false};
    std::atomic<int> level_{0};

    // The audio thread's own:
    base::AudioTimeline timeline_;
    DriftController drift_;
    Standstill standstill_;
    std::vector<float> matched_;  // to the session's clock
    std::unique_ptr<effects::AudioChain> chain_;
    effects::AudioMix mix_;
    std::vector<float> silence_;  // 10 ms
    std::vector<float> ready_;    // what the effects gave last
    std::vector<std::unique_ptr<SoundEncoding>> encodings_;
    bool sourceOpen_ = false;
    bool sourceFailed_ = false;
    AudioVolumeType role_ = AudioVolumeType::automatic;
    MicChannels micChannels_ = MicChannels::automatic;
    bool awaited_ = false;  ///< the microphone could not be opened and is waited for
    std::chrono::steady_clock::time_point lookAgain_;
    bool pushing_ = false;
    bool begun_ = false;
    bool failed_ = false;

    std::thread thread_;
};

}  // namespace livepusher::pipeline
