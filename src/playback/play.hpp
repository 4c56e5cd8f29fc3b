// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>
#include <livepusher/player_properties.hpp>

#include "base/latest.hpp"
#include "playback/gap_watch.hpp"
#include "playback/jitter_buffer.hpp"
#include "playback/lane_orders.hpp"
#include "playback/picture_lane.hpp"
#include "playback/play_clock.hpp"
#include "playback/play_link.hpp"
#include "playback/presenter.hpp"
#include "playback/sound_lane.hpp"
#include "playback/stages.hpp"
#include "playback/uneven_watch.hpp"
#include "session/control_loop.hpp"
#include "session/lifetime.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace livepusher::playback {

/// Hears of one play, on control where nothing else is said.
class PlayObserver {
public:
    virtual void playCode(Code code, std::string message) = 0;  ///< to be told
    virtual void pictureDecoder(const std::string& what) = 0;   ///< one was opened: as Code::DecoderStarted tells
    virtual void playConnected() = 0;                           ///< a server plays
    virtual void playReconnects() = 0;
    virtual void playBegan() = 0;                                 ///< the clock runs
    virtual void playStalled() = 0;                               ///< nothing is left to play
    virtual void playEnded() = 0;                                 ///< played to the end; nothing follows
    virtual void playGaveUp(const Error& why) = 0;                ///< nothing follows
    virtual void pictureDue(const decode::Picture& picture) = 0;  ///< [show]
    virtual void soundGiven(const std::vector<float>& samples, std::optional<Timestamp> heardAt) = 0;  ///< [sound]
    virtual void mediaCame(const Packet& packet) = 0;                                                  ///< [receive]

protected:
    ~PlayObserver() = default;
};

/// One play, from start to stop: the connection, the buffer, the lanes and the clock. Decides by what they say when it goes on,
/// how fast and where. Belongs to the control thread.
class Play final : PlayLinkObserver, SoundObserver, PictureObserver, PictureSink {
public:
    Play(const PlayerStages& stages, PlayLink::Settings link, const PlayerProperties& properties, bool background,
         session::ControlLoop& control, PlayObserver& observer);
    ~Play();
    Play(const Play&) = delete;
    Play& operator=(const Play&) = delete;

    void setPaused(bool paused);
    void follow(const PlayerProperties& properties, bool background, bool floating);

    struct Figures {
        JitterBuffer::Figures buffer;
        PictureLane::Figures pictures;
        rtmp::LinkStatistics link;
        std::size_t waitingToBeShown = 0;
        std::uint64_t shown = 0, late = 0;
        Timestamp heardAhead{};  ///< of what was shown last
        Timestamp stalled{};     ///< in all
        int reconnects = 0;
        bool uneven = false, speedAtLimit = false;
        std::optional<Timestamp> sinceBegin, sinceStall;
    };
    Figures figures() const;
    int soundLevel() const { return sound_->level(); }  ///< 0..100

    static DelaySettings delayOf(const PlayerProperties& properties);

private:
    void tick();
    void order(const Playout::Orders& orders, Timestamp at);
    void finish(Timestamp at);
    void watch(Timestamp at, Timestamp playhead);
    void progress(Timestamp at, Timestamp playhead);
    void lookForEnd(Timestamp at);
    void publish(LaneOrders orders);
    void fail(const Error& why);

    void linkCode(Code code, std::string message) override { observer_.playCode(code, std::move(message)); }
    void linkPlays() override { observer_.playConnected(); }
    void linkLost() override { observer_.playReconnects(); }
    void linkGaveUp(const Error& why) override { fail(why); }
    void streamEnded() override;
    void publisherLeft() override { leftAt_ = now(); }
    void mediaCame(const Packet& packet) override;

    void soundDecoderStarted(std::string what) override { tell(Code::DecoderStarted, std::move(what)); }
    void soundDamaged(std::string why) override { tell(Code::AudioDecodeFailed, std::move(why)); }
    void soundUndecodable(Error why) override;
    void speakerChanged(std::string where) override { tell(Code::SpeakerChanged, std::move(where)); }
    void soundLaneFailed(Error why) override { broken(std::move(why)); }
    void soundGiven(const std::vector<float>& samples, std::int64_t first) override;
    void pictureDecoderStarted(std::string what) override;
    void pictureSizeChanged(base::PictureSize size) override;
    void pictureDamaged(std::string why) override { tell(Code::VideoDecodeFailed, std::move(why)); }
    void picturesMissing(std::string why) override { tell(Code::FramesMissing, std::move(why)); }
    void pictureHardwareFailed(std::string why) override { tell(Code::HardwareDecoderFailed, std::move(why)); }
    void pictureHardwareGaveUp(std::string why) override { tell(Code::HardwareDecoderGaveUp, std::move(why)); }
    void pictureUndecodable(Error why) override;
    void pictureLaneFailed(Error why) override { broken(std::move(why)); }
    void show(const decode::Picture& picture) override { observer_.pictureDue(picture); }

    void tell(Code code, std::string message);
    void broken(Error why);

    session::ControlLoop& control_;
    PlayObserver& observer_;
    session::Lifetime alive_;
    const session::Lifetime::Stretch counting_ = alive_.now();  // for reports from other threads
    PlayerProperties properties_;
    bool background_ = false, floating_ = false, paused_ = false, over_ = false, ending_ = false;
    JitterBuffer buffer_;
    PlayClock clock_;
    base::Latest<LaneOrders> orders_{LaneOrders{}};
    std::unique_ptr<Presenter> presenter_;
    std::unique_ptr<PictureLane> pictures_;
    std::unique_ptr<SoundLane> sound_;
    std::unique_ptr<PlayLink> link_;

    GapWatch gap_;
    UnevenWatch uneven_;
    std::optional<Timestamp> leftAt_, begunAt_, stalledAt_, watchedAt_, lastPlayhead_, endsAt_;
    std::optional<Error> undecodable_;
    Timestamp stalledFor_{}, played_{}, shownAt_{};
    std::uint64_t cut_ = 0;
    std::atomic<std::int64_t> mediaAt_{0};
    std::atomic<bool> sized_{false};
};

}  // namespace livepusher::playback
