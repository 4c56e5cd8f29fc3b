// SPDX-License-Identifier: MIT
// What FallbackCore hears of its two sources besides their data.
#include <utility>

#include "base/log.hpp"
#include "capture/fallback/fallback_core.hpp"

namespace livepusher::capture {

void FallbackCore::tell(Code code, std::string what) {
    if (picture_.tell(&VideoSource::Sink::code, code, what)) return;
    sound_.tell(&AudioSource::Sink::code, code, std::move(what));
}

void FallbackCore::formatChanged(Side side, VideoSourceFormat format) {
    picture_.call([&](VideoSource::Sink& sink) {
        bool out = false;
        {
            std::lock_guard lock(mutex_);
            (side == Side::Main ? mainFormat_ : standbyFormat_) = format;
            if (side == Side::Main && format.fps > 0)
                decider_.setInterval(Timestamp(static_cast<Timestamp::rep>(1e6 / format.fps)));
            out = onAir_ == side;
        }
        if (out) sink.formatChanged(std::move(format));
    });
}

/// Of the standby nobody is told that it comes and goes, but what it fails of.
void FallbackCore::code(Side side, Code code, std::string what) {
    if (side == Side::Main) return tell(code, std::move(what));
    const auto* info = describeCode(static_cast<int>(code));
    if (info && info->severity == Severity::Failure) return standbyFailed({code, std::move(what)});
    base::log(LogLevel::Debug, "fallback: " + what);
}

bool FallbackCore::pictureStarted(Side side, const Result<VideoSourceFormat>& format) {
    if (!format) {
        if (side == Side::Standby) {
            standbyFailed(format.error());
            return true;
        }
        bool awaited = false;
        {
            std::lock_guard lock(mutex_);
            awaited = wantedPicture_ && !waiting_ && !pictureAnswer_;
            if (awaited) pictureAnswer_ = format;
        }
        changed_.notify_all();
        return bears(format.error()) && mainFailed(format.error());
    }
    formatChanged(side, *format);
    if (side == Side::Standby) return false;
    {
        std::lock_guard lock(mutex_);
        if (!waiting_ && !lossTold_) pictureAnswer_ = format;
        decider_.setInterval(format->fps > 0 ? Timestamp(static_cast<Timestamp::rep>(1e6 / format->fps)) : Timestamp{});
    }
    changed_.notify_all();
    return false;
}

bool FallbackCore::soundStarted(Side side, const Result<void>& started) {
    if (side == Side::Standby) {
        if (started || started.error().native == kNoSuchTrack) return false;
        standbyFailed(started.error());
        return options_.standbyIsOne;
    }
    {
        std::lock_guard lock(mutex_);
        soundAnswer_ = started;
    }
    changed_.notify_all();
    return !started && bears(started.error()) && mainFailed(started.error());
}

bool FallbackCore::failed(Side side, bool picture, const Error& why) {
    if (side == Side::Standby) {
        standbyFailed(why);
        return true;
    }
    if (bears(why) && mainFailed(why)) return true;
    if (picture)
        picture_.failed(why);
    else
        sound_.failed(why);
    return false;
}

/// Told once, however often it fails until it is there again.
bool FallbackCore::mainFailed(const Error& why) {
    bool there = false;
    {
        std::lock_guard lock(mutex_);
        if (std::exchange(lossTold_, true)) return true;
        there = everThere_;
    }
    if (there) tell(Code::CameraRemoved, options_.mainName + ": gone; it is opened again and again");
    tell(why.code, why.message + (there ? "" : "; it is opened again and again"));
    return true;
}

void FallbackCore::standbyFailed(const Error& why) {
    bool over = false;
    {
        std::lock_guard lock(mutex_);
        if (std::exchange(standbyFailureTold_, true)) return;
        over = fault_ == FallbackOn::ended && !standbyGave_ && !options_.standbyMayCome;
        if (over) backToMain();
    }
    tell(Code::FallbackFailed, "fallback: " + why.message);
    if (!over) return;
    // Nothing is left that could go out: it ends as it would without a fallback.
    picture_.ended();
    sound_.ended();
    (void)wantAll();
}

bool FallbackCore::ended(Side side, bool picture, bool all) {
    if (side == Side::Standby) return all;
    const bool again = isPipe() && (options_.rules.has(FallbackOn::ended) || options_.rules.has(FallbackOn::lost));
    const bool stays = again || options_.rules.has(FallbackOn::ended);
    {
        std::lock_guard lock(mutex_);
        (picture ? pictureEnded_ : soundEnded_) = true;
        if (!stays)
            decider_.stop();
        else
            all ? decider_.end() : rejudge();
        judge(now());
    }
    changed_.notify_all();
    if (stays) return all && again;
    if (picture)
        picture_.ended();
    else
        sound_.ended();
    return false;
}

}  // namespace livepusher::capture
