// SPDX-License-Identifier: MIT
#include "playback/playout.hpp"

#include <algorithm>

namespace livepusher::playback {

void Playout::packet(Packet::Track track, bool beginning, Timestamp media, Timestamp arrival) {
    lateness_.packet(media, arrival);
    ends_.add(track, media);
    burst_.packet(*ends_.newest(), arrival);
    ending_ = false;
    if (!beginning) return;
    if (!first_) first_ = media;
    // A burst's pictures begin with one that can be shown; sound that came before it goes on until then.
    if (track == Packet::Track::Video && !beginningAt_) beginningAt_ = arrival;
}

void Playout::setPaused(bool paused) {
    if (paused_ && !paused) skipWanted_ = true;
    paused_ = paused;
}

Playout::Orders Playout::tick(Timestamp now, Timestamp playhead, Timestamp lead) {
    lead_ = lead;
    if (paused_) {
        policy_.rest(now, lateness_.quantile(), lead_);
        return {};
    }
    switch (stage_) {
        case Stage::Starting: return starting(now);
        case Stage::Running: return running(now, playhead);
        case Stage::Stalled: break;
    }
    return stalled(now, playhead);
}

/// The clock runs on from where it is, or from `to`.
Playout::Orders Playout::resume(Timestamp playhead, News news, std::optional<Timestamp> to) {
    stage_ = Stage::Running;
    speed_ = 1;
    decidedAt_.reset();
    if (to && *to > taken(playhead)) {
        skipped_ += *to - taken(playhead);
        ++skips_;
    } else if (to) {
        to.reset();
    }
    return {.running = true, .from = to, .news = news};
}

/// No track is missing, or it has been waited for.
bool Playout::ready(Timestamp now) const {
    if (!first_) return false;
    if (ending_) return true;
    const bool both = ends_.has(Packet::Track::Audio) && ends_.has(Packet::Track::Video);
    const auto wait = policy_.settings().realTime ? kSecondTrackRealTime : kSecondTrack;
    if (!both && *ends_.newest() - *first_ < wait) return false;
    return !burst_.bursting(now) || (beginningAt_ && now - *beginningAt_ >= kKeyWait);
}

Playout::Orders Playout::starting(Timestamp now) {
    policy_.rest(now, lateness_.quantile(), lead_);
    if (!ready(now)) return {};
    const auto end = *ends_.whole();
    const auto from = std::max(*first_, std::min(newest(), end));
    if (!ending_ && end - from < policy_.startMark()) return {};
    skipWanted_ = false;
    stage_ = Stage::Running;
    return {.running = true, .from = from, .news = News::Began};
}

Playout::Orders Playout::running(Timestamp now, Timestamp playhead) {
    if (level(taken(playhead)) <= Timestamp(0)) {
        stage_ = Stage::Stalled;
        stalledEnd_ = *ends_.newest();
        againAt_.reset();
        speed_ = 1;
        if (!ending_) {
            ++stalls_;
            policy_.stalled(now);
        }
        return {.news = News::Stalled};
    }
    if (skipWanted_) {
        skipWanted_ = false;
        if (newest() > taken(playhead)) return resume(playhead, News::Skipped, newest());
    }
    if (decidedAt_ && now - *decidedAt_ < DelayPolicy::kStep) return {.running = true, .speed = speed_};
    decidedAt_ = now;
    const auto decision = policy_.tick({.now = now,
                                        .delay = delay(now, playhead),
                                        .level = level(taken(playhead)),
                                        .lead = lead_,
                                        .jitter = lateness_.quantile(),
                                        .bursting = burst_.bursting(now)});
    if (decision.skip) return resume(playhead, News::Skipped, newest());
    speed_ = decision.speed;
    return {.running = true, .speed = speed_};
}

Playout::Orders Playout::stalled(Timestamp now, Timestamp playhead) {
    policy_.rest(now, lateness_.quantile(), lead_);
    if (!againAt_ && *ends_.newest() > stalledEnd_) againAt_ = now;
    const auto there = level(taken(playhead));
    if (there <= Timestamp(0)) return {};
    const bool enough = there >= policy_.restartMark() || ending_ || (againAt_ && now - *againAt_ >= kRestartWait);
    if (!enough) return {};
    if (skipWanted_) {
        skipWanted_ = false;
        return resume(playhead, News::Began, newest());
    }
    return resume(playhead, News::Began);
}

}  // namespace livepusher::playback
