// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <optional>

#include "media/packet.hpp"
#include "playback/burst_watch.hpp"
#include "playback/delay_policy.hpp"
#include "playback/lateness.hpp"
#include "playback/track_ends.hpp"

namespace livepusher::playback {

/// Says when the clock runs, how fast, and where it is set to: all that a player decides by what arrives and by where its
/// playhead is, and nothing of what is in the packets. Can be run over a log of arrivals. Pure: moments come in. Belongs to
/// one thread.
class Playout {
public:
    explicit Playout(const DelaySettings& settings) : policy_(settings) {}

    void setSettings(const DelaySettings& settings) { policy_.setSettings(settings); }

    /// One that was not received before, in media time. `beginning`: something can be shown from it on (a key frame), or heard.
    void packet(Packet::Track track, bool beginning, Timestamp media, Timestamp arrival);

    /// What there is now is not waited for any longer: the stream has ended, or comes no more.
    void ending() { ending_ = true; }
    bool isEnding() const { return ending_; }
    /// The clock stands as the user wants it, which is no stall. Afterwards the newest is played.
    void setPaused(bool paused);
    /// The newest is to be played from the next tick on: after the background, or when what waits has no more room.
    void skip() { skipWanted_ = true; }

    enum class News {
        None,
        Began,    ///< the clock runs: the first time, or again after a stall
        Stalled,  ///< the playhead has come to the end of what there is
        Skipped,  ///< media was left out
    };
    struct Orders {
        bool running = false;
        double speed = 1;
        /// Media time from which on it has to be taken from here; it is heard, and shown, a lead later.
        std::optional<Timestamp> from{};
        News news = News::None;
    };
    /// Every 10 to 100 ms; `playhead`: media time that is shown and heard now, which counts for nothing before the first start.
    /// `lead`: how much further what has been taken from here reaches, as it is on its way to the ear.
    Orders tick(Timestamp now, Timestamp playhead, Timestamp lead = {});

    /// How far the playhead is behind where the fastest packet would put it.
    Timestamp delay(Timestamp now, Timestamp playhead) const {
        return lateness_.base() ? now - *lateness_.base() - playhead : Timestamp(0);
    }
    /// Media behind the playhead.
    Timestamp level(Timestamp playhead) const { return ends_.whole().value_or(playhead) - playhead; }
    /// Up to where there is all that has to be played; empty: nothing has come.
    std::optional<Timestamp> whole() const { return ends_.whole(); }
    const Lateness& lateness() const { return lateness_; }
    Timestamp target() const { return policy_.target(); }
    double speed() const { return speed_; }
    Timestamp skipped() const { return skipped_; }  ///< media left out, in all
    int stalls() const { return stalls_; }
    int skips() const { return skips_; }

    static constexpr Timestamp kKeyWait{200'000};        ///< after the first key frame a burst is not waited for any longer
    static constexpr Timestamp kRestartWait{2'000'000};  ///< since media came again
    static constexpr Timestamp kSecondTrack{500'000}, kSecondTrackRealTime{300'000};  ///< media without the other track

private:
    enum class Stage { Starting, Running, Stalled };

    /// Where what is taken reaches to.
    Timestamp taken(Timestamp playhead) const { return playhead + lead_; }
    /// Where to go on taking, so that it is heard with the delay that is aimed at.
    Timestamp newest() const { return *ends_.whole() - policy_.target() + lead_; }
    Orders starting(Timestamp now);
    Orders running(Timestamp now, Timestamp playhead);
    Orders stalled(Timestamp now, Timestamp playhead);
    Orders resume(Timestamp playhead, News news, std::optional<Timestamp> to = {});
    bool ready(Timestamp now) const;

    DelayPolicy policy_;
    Lateness lateness_;
    TrackEnds ends_;
    BurstWatch burst_;
    Stage stage_ = Stage::Starting;
    std::optional<Timestamp> first_;        ///< media time from which on something can be played
    std::optional<Timestamp> beginningAt_;  ///< when it came
    std::optional<Timestamp> decidedAt_, againAt_;
    Timestamp stalledEnd_{};
    Timestamp lead_{};
    double speed_ = 1;
    bool paused_ = false, skipWanted_ = false, ending_ = false;
    Timestamp skipped_{};
    int stalls_ = 0, skips_ = 0;
};

}  // namespace livepusher::playback
