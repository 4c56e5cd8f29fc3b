// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include "base/latest.hpp"
#include "effects/effect.hpp"
#include "playback/jitter_buffer.hpp"
#include "playback/lane_orders.hpp"
#include "playback/play_clock.hpp"
#include "playback/sample_ring.hpp"
#include "playback/sound_track.hpp"
#include "playback/stages.hpp"
#include "speaker/speaker.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace livepusher::playback {

// By value: who overrides what does nothing here keeps what it is told.
// NOLINTBEGIN(performance-unnecessary-value-param)

/// Hears of the sound, on the sound's thread or the speaker's.
class SoundObserver {
public:
    virtual void soundDecoderStarted(std::string /*what*/) {}
    virtual void soundDamaged(std::string /*why*/) {}
    virtual void soundUndecodable(Error /*why*/) {}
    virtual void speakerChanged(std::string /*where*/) {}
    virtual void soundLaneFailed(Error /*why*/) {}  ///< it is over, for want of memory
    /// As it goes to the device: interleaved frames of speaker::kFormat, the first of which is that sample of PlayClock's.
    virtual void soundGiven(const std::vector<float>& /*samples*/, std::int64_t /*first*/) {}

protected:
    ~SoundObserver() = default;
};

// NOLINTEND(performance-unnecessary-value-param)

/// Decodes sound, plays it at the speed that control orders, and keeps the device supplied, also with silence: the player's
/// clock is what the device takes. On a thread of its own.
class SoundLane final : decode::DecoderObserver, speaker::SpeakerObserver {
public:
    struct Settings {
        std::string device;         ///< as SpeakerOptions::device
        Timestamp ahead{40'000};    ///< that the device's next sound is ready before it asks
        Timestamp latency{60'000};  ///< as SpeakerOptions::latency
    };
    SoundLane(const PlayerStages& stages, const Settings& settings, JitterBuffer& buffer, PlayClock& clock,
              const base::Latest<LaneOrders>& orders, SoundObserver& observer);
    ~SoundLane();
    SoundLane(const SoundLane&) = delete;
    SoundLane& operator=(const SoundLane&) = delete;

    void wake() { ring_.taken().signal(); }                     ///< orders have changed. [any-thread]
    void setRole(speaker::Role role) { role_ = role, wake(); }  ///< [any-thread]
    void setAhead(Timestamp ahead, Timestamp latency) { ahead_ = ahead, latency_ = latency, wake(); }  ///< [any-thread]

    struct Position {
        Timestamp needed{};  ///< media time that has to be there now, so that the device gets it in time
        Timestamp early{};   ///< what was taken beyond that
    };
    Position position() const;                         ///< [any-thread]
    bool dry() const { return dry_; }                  ///< silence went out, for want of media. [any-thread]
    bool sounds() const { return sounds_; }            ///< the stream has sound. [any-thread]
    bool undecodable() const { return undecodable_; }  ///< there is no decoder for it. [any-thread]
    std::optional<Timestamp> heardAt() const;          ///< when sound was given last. [any-thread]
    int level() const { return level_; }               ///< 0..100, of the last 100 ms. [any-thread]
    Timestamp expectedLead() const;                    ///< before anything is given. [any-thread]

private:
    void run();
    void serve();
    void openSpeaker();
    void obey();
    bool produce();
    bool running();
    bool silent(double speed);
    void standing();
    void join();
    void give(std::vector<float>& samples, double rate);
    void measure(const std::vector<float>& samples);
    void fadeOut(std::vector<float>& samples) const;
    bool hasRoom() const;

    void opened(const std::string& what) override { observer_.soundDecoderStarted(what); }
    void sizeChanged(base::PictureSize) override {}
    void damaged(const std::string& why) override { observer_.soundDamaged(why); }
    void missing(const std::string&) override {}
    void onSpeakerOpened(const std::string& device) override;
    void onSpeakerMoved(const std::string& device) override { observer_.speakerChanged("sound goes to " + device); }
    void onSpeakerLost(const Error& why) override;

    const PlayerStages& stages_;
    const std::string device_;
    JitterBuffer& buffer_;
    PlayClock& clock_;
    base::Latest<LaneOrders>::Reader orders_;
    SoundObserver& observer_;
    SampleRing ring_;
    SoundTrack track_;
    const std::unique_ptr<effects::TimeStretcher> stretcher_;
    const std::unique_ptr<effects::SoundJoiner> joiner_;
    std::unique_ptr<speaker::Speaker> speaker_;
    bool hasDevice_ = false;
    std::atomic<speaker::Role> role_{speaker::Role::Speaker};
    speaker::Role roleInForce_ = speaker::Role::Speaker;
    std::atomic<Timestamp> ahead_, latency_;
    Timestamp latencyInForce_;

    std::atomic<std::int64_t> at_{0};  ///< media frame that is taken next
    double ideal_ = 0;                 ///< media frame that goes to the device next
    std::uint64_t cut_ = 0;
    bool stood_ = true;  ///< what goes to the device next is faded in
    double gain_ = 1;
    std::vector<float> in_, out_, joined_;
    std::vector<effects::StretchedPiece> pieces_;
    std::vector<float> last_;  ///< the latest 10 ms that went to the device
    std::int64_t paddingAtBegin_ = 0;
    std::atomic<bool> dry_{false}, sounds_{false}, undecodable_{false}, ending_{false};
    std::atomic<std::int64_t> gaveAt_{0};
    std::atomic<int> level_{0};
    double power_ = 0;
    std::size_t measured_ = 0;
    std::atomic<bool> wasLost_{false};
    std::thread thread_;  // last
};

}  // namespace livepusher::playback
