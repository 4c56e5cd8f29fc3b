// SPDX-License-Identifier: MIT
#include "playback/play.hpp"

#include <algorithm>

#include "base/number_text.hpp"

namespace livepusher::playback {
namespace {

using namespace std::chrono_literals;

constexpr auto kTick = 20ms;
constexpr Timestamp kTail{100'000};           // the last picture's and the last sound's own length, at most
constexpr Timestamp kWatch{100'000};          // between two looks at how evenly media comes
constexpr Timestamp kUndecodable{1'000'000};  // of media, until it is clear that there is nothing else to play

Timestamp fromSeconds(double seconds) { return std::chrono::duration_cast<Timestamp>(std::chrono::duration<double>(seconds)); }

/// For little delay the device has to hold little.
SoundLane::Settings soundSettings(const PlayerProperties& properties) {
    const bool low = resolve(properties).minCache < 0.5;
    return {.device = properties.audioDevice, .ahead = low ? 20ms : 40ms, .latency = low ? 30ms : 60ms};
}

double gainOf(const PlayerProperties& p, bool background) {
    return p.muted || (background && p.backgroundMute) ? 0 : p.volume * p.volume;
}

speaker::Role roleOf(const PlayerProperties& p) {
    return p.soundMode == SoundMode::ear ? speaker::Role::Ear : speaker::Role::Speaker;
}

}  // namespace

DelaySettings Play::delayOf(const PlayerProperties& properties) {
    const auto resolved = resolve(properties);
    return {.minCache = fromSeconds(resolved.minCache),
            .maxCache = fromSeconds(resolved.maxCache),
            .minSpeed = properties.minSpeed,
            .maxSpeed = properties.maxSpeed,
            .realTime = properties.mode == PlayMode::RTC};
}

Play::Play(const PlayerStages& stages, PlayLink::Settings link, const PlayerProperties& properties, bool background,
           session::ControlLoop& control, PlayObserver& observer)
    : control_(control),
      observer_(observer),
      properties_(properties),
      background_(background),
      buffer_(delayOf(properties)),
      gap_(std::chrono::milliseconds(properties.stutterThreshold)) {
    orders_.publish({.gain = gainOf(properties_, background_), .pictures = !background_});
    presenter_ = std::make_unique<Presenter>(clock_, static_cast<PictureSink&>(*this));
    const auto makeDecoder = [&stages, type = properties.videoDecoder](decode::DecoderObserver& hears) {
        return stages.videoDecoder(type, hears);
    };
    pictures_ =
        std::make_unique<PictureLane>(makeDecoder, buffer_, clock_, *presenter_, orders_, static_cast<PictureObserver&>(*this));
    sound_ = std::make_unique<SoundLane>(stages, soundSettings(properties), buffer_, clock_, orders_,
                                         static_cast<SoundObserver&>(*this));
    sound_->setRole(roleOf(properties));
    link_ =
        std::make_unique<PlayLink>(stages.subscriber, std::move(link), buffer_, control, static_cast<PlayLinkObserver&>(*this));
    tick();
}

Play::~Play() {
    alive_.renew();
    link_->end();
    buffer_.close();
    pictures_.reset();
    presenter_.reset();
    sound_.reset();
}

void Play::setPaused(bool paused) {
    paused_ = paused;
    buffer_.setPaused(paused);
    if (paused) gap_.rest();
}

void Play::follow(const PlayerProperties& properties, bool background, bool floating) {
    const bool hadPictures = orders_.get()->pictures;
    properties_ = properties;
    background_ = background;
    floating_ = floating;
    buffer_.setSettings(delayOf(properties));
    gap_.setThreshold(std::chrono::milliseconds(properties.stutterThreshold));
    const auto sound = soundSettings(properties);
    sound_->setAhead(sound.ahead, sound.latency);
    sound_->setRole(roleOf(properties));
    auto orders = *orders_.get();
    orders.gain = gainOf(properties, background);
    orders.pictures = !background || floating;
    if (orders.pictures && !hadPictures) buffer_.skip();
    publish(orders);
}

void Play::publish(LaneOrders orders) {
    if (orders == *orders_.get()) return;
    orders_.publish(orders);
    pictures_->wake();
    sound_->wake();
}

void Play::streamEnded() {
    ending_ = true;
    buffer_.ending();
    pictures_->wake();
    if (stalledAt_) finish(now());  // what little there is, is not begun with again
}

void Play::mediaCame(const Packet& packet) {
    mediaAt_ = now().count();
    observer_.mediaCame(packet);
}

void Play::tell(Code code, std::string message) {
    control_.report(counting_, &PlayObserver::playCode, &observer_, code, std::move(message));
}

void Play::broken(Error why) { control_.report(counting_, &Play::fail, this, std::move(why)); }

void Play::fail(const Error& why) {
    if (std::exchange(over_, true)) return;
    observer_.playGaveUp(why);
}

void Play::soundGiven(const std::vector<float>& samples, std::int64_t first) {
    observer_.soundGiven(samples, clock_.heardAt(first));
}

void Play::pictureDecoderStarted(std::string what) {
    control_.report(counting_, &PlayObserver::pictureDecoder, &observer_, what);
    tell(Code::DecoderStarted, std::move(what));
}

void Play::pictureSizeChanged(base::PictureSize size) {
    if (sized_.exchange(true))
        tell(Code::ResolutionChanged, "the picture has " + base::sizeText(size.width, size.height) + " now");
}

void Play::pictureUndecodable(Error why) {
    why.code = Code::VideoDecodeFailed;
    tell(why.code, why.message);
    control_.report(
        counting_, [](Play* play, Error error) { play->undecodable_ = std::move(error); }, this, std::move(why));
}

void Play::soundUndecodable(Error why) {
    why.code = Code::AudioDecodeFailed;
    tell(why.code, why.message);
    control_.report(
        counting_, [](Play* play, Error error) { play->undecodable_ = std::move(error); }, this, std::move(why));
}

// --- the clock -------------------------------------------------------------------------------------

void Play::tick() {
    if (over_) return;
    control_.postAfter(kTick, alive_.guard([this] { tick(); }));
    const auto at = now();
    const auto position = sound_->position();
    const auto inFlight = clock_.inFlight(at);
    const auto lead = inFlight ? std::max(*inFlight - position.early, Timestamp(0)) : sound_->expectedLead();
    auto needed = position.needed;
    if (const auto whole = buffer_.whole(); whole && sound_->dry()) needed = std::max(needed, *whole);
    if (endsAt_) {
        if (at < *endsAt_) return;
        over_ = true;
        return observer_.playEnded();
    }
    order(buffer_.tick(at, needed - lead, lead), at);
    const auto playhead = clock_.playhead(at).value_or(needed - lead);
    progress(at, playhead);
    watch(at, playhead);
    lookForEnd(at);
}

/// The last of it is on its way to the ear.
void Play::finish(Timestamp at) {
    auto orders = *orders_.get();
    orders.running = true;
    publish(orders);
    const auto whole = buffer_.whole().value_or(Timestamp(0));
    const auto left = std::max(whole - sound_->position().needed, Timestamp(0));
    endsAt_ = at + left + clock_.inFlight(at).value_or(Timestamp(0)) + kTail;
}

void Play::order(const Playout::Orders& orders, Timestamp at) {
    auto next = *orders_.get();
    next.running = orders.running;
    next.speed = orders.speed;
    if (orders.from) {
        next.cut = ++cut_;
        next.from = *orders.from;
        lastPlayhead_.reset();
    }
    publish(next);
    switch (orders.news) {
        case Playout::News::None:
        case Playout::News::Skipped: break;
        case Playout::News::Began:
            if (!begunAt_) begunAt_ = at;
            gap_.shown(shownAt_ = at);
            if (stalledAt_) stalledFor_ += at - *std::exchange(stalledAt_, std::nullopt);
            observer_.playBegan();
            break;
        case Playout::News::Stalled:
            if (ending_) return finish(at);
            stalledAt_ = at;
            observer_.playStalled();
            break;
    }
}

/// A second played is told, and what of the stream's own time that is.
void Play::progress(Timestamp, Timestamp playhead) {
    const auto before = std::exchange(lastPlayhead_, playhead);
    if (!before || !orders_.get()->running) return;
    const auto step = std::clamp(playhead - *before, Timestamp(0), Timestamp(500'000));
    const auto seconds = (played_ + step).count() / 1'000'000;
    const bool told = seconds > played_.count() / 1'000'000;
    played_ += step;
    if (!told) return;
    const auto f = buffer_.figures(now(), playhead);
    observer_.playCode(Code::PlayProgress, "played " + std::to_string(played_.count() / 1000) + " ms, stream time " +
                                               std::to_string((f.streamTime - f.newest + playhead).count() / 1000) + " ms");
}

void Play::watch(Timestamp at, Timestamp playhead) {
    // Whose publisher is gone for a while is told by Code::PlayLoading alone.
    const bool plays = begunAt_ && !paused_ && !leftAt_;
    const auto pictures = presenter_->shownAt();
    const auto shown = background_ && !floating_ ? std::optional<Timestamp>() : pictures;
    const auto seen = shown ? shown : sound_->heardAt();
    if (!plays || (background_ && !floating_ && pictures)) {
        gap_.rest();
        shownAt_ = at;
    } else {
        if (seen && *seen > shownAt_) gap_.shown(shownAt_ = *seen);
        if (gap_.tick(at))
            observer_.playCode(Code::PlayStuttered,
                               "nothing new was shown for " + std::to_string((at - shownAt_).count() / 1000) + " ms");
    }
    if (watchedAt_ && at - *watchedAt_ < kWatch) return;
    watchedAt_ = at;
    if (!plays || ending_) return uneven_.restart();
    if (stalledAt_) return;
    const auto f = buffer_.figures(at, playhead);
    if (uneven_.tick(at, f.comingLate, f.target, f.newest))
        observer_.playCode(Code::DownlinkSlow, "media comes too unevenly or too slowly: it is " +
                                                   std::to_string(std::max(f.comingLate, f.lateness).count() / 1000) +
                                                   " ms late, and " + std::to_string(f.target.count() / 1000) +
                                                   " ms of delay are aimed at");
}

void Play::lookForEnd(Timestamp at) {
    if (leftAt_ && Timestamp(mediaAt_.load()) > *leftAt_) leftAt_.reset();
    if (leftAt_ && at - *leftAt_ >= fromSeconds(properties_.endLinger)) {
        leftAt_.reset();
        streamEnded();
    }
    if (ending_ && !buffer_.whole()) {  // nothing has ever come
        over_ = true;
        return observer_.playEnded();
    }
    const bool nothing = (pictures_->undecodable() && (!sound_->sounds() || sound_->undecodable())) ||
                         (sound_->undecodable() && !presenter_->shownAt() && !buffer_.figures(at, {}).newestVideo);
    if (nothing && undecodable_ && buffer_.whole() && *buffer_.whole() > kUndecodable) fail(*undecodable_);
}

Play::Figures Play::figures() const {
    const auto at = now();
    const auto playhead = clock_.playhead(at).value_or(Timestamp(0));
    Figures f;
    f.buffer = buffer_.figures(at, playhead);
    f.pictures = pictures_->figures();
    f.link = link_->statistics();
    f.waitingToBeShown = presenter_->waiting();
    f.shown = presenter_->shown();
    f.late = presenter_->late();
    f.heardAhead = presenter_->heardAhead();
    f.stalled = stalledFor_ + (stalledAt_ ? at - *stalledAt_ : Timestamp(0));
    f.reconnects = link_->reconnects();
    f.uneven = uneven_.is();
    f.speedAtLimit = f.buffer.speed <= properties_.minSpeed || f.buffer.speed >= properties_.maxSpeed;
    if (begunAt_) f.sinceBegin = at - *begunAt_;
    if (stalledAt_) f.sinceStall = Timestamp(0);
    return f;
}

}  // namespace livepusher::playback
