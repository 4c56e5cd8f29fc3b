// SPDX-License-Identifier: MIT
#include "capture/fallback/fallback_core.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/log.hpp"
#include "base/thread.hpp"
#include "capture/stood_still.hpp"

namespace livepusher::capture {
namespace {

std::chrono::steady_clock::time_point asTime(Timestamp at) { return std::chrono::steady_clock::time_point(at); }

}  // namespace

FallbackCore::FallbackCore(FallbackOptions options, std::unique_ptr<AudioSource> beside)
    : options_(std::move(options)),
      watchesPicture_(options_.rules.has(FallbackOn::black) || options_.rules.has(FallbackOn::frozen)),
      watchesSound_(options_.rules.has(FallbackOn::silent)),
      beside_(std::move(beside)),
      decider_(options_.rules),
      main_({.side = Side::Main, .make = options_.main, .oneSource = options_.mainIsOne, .thread = "main source"}, *this),
      standby_({.side = Side::Standby, .make = options_.standby, .oneSource = options_.standbyIsOne, .thread = "fallback source"},
               *this) {}

FallbackCore::~FallbackCore() {
    {
        std::lock_guard lock(mutex_);
        quit_ = true;
    }
    changed_.notify_all();
    if (clock_.joinable()) clock_.join();
}

/// Whether the source is opened again after that, for time may cure it.
bool FallbackCore::bears(const Error& why) const {
    if (!options_.rules.has(FallbackOn::lost) || why.native == kNoSuchTrack) return false;
    switch (why.code) {
        case Code::InvalidArgument:
        case Code::NotAvailable:
        case Code::Cancelled:
        case Code::InternalFailure:
        case Code::ScreenCaptureUnsupported:
        case Code::UnsupportedSampleRate: return false;
        default: return true;
    }
}

// --- what the lanes ask -------------------------------------------------------------------------

/// False: given up. Else there is an answer, or it has been waited for long enough.
template <typename Answer>
bool FallbackCore::awaitAnswer(std::optional<Answer>& answer) {
    std::unique_lock lock(mutex_);
    const auto there = [&] { return answer || interrupted_; };
    if (options_.rules.has(FallbackOn::lost))
        changed_.wait_until(lock, asTime(now() + options_.rules.after), there);
    else
        changed_.wait(lock, there);
    return !interrupted_;
}

Result<VideoSourceFormat> FallbackCore::startPicture(const WantedVideo& wanted, VideoSource::Sink& sink) {
    stopPicture();
    picture_.open(sink);
    {
        std::lock_guard lock(mutex_);
        ++pictureRun_;
        wantedPicture_ = wanted;
        wantedPicture_->waits = wanted.waits || options_.rules.has(FallbackOn::lost);
        pictureAnswer_.reset();
        hasPicture_ = true;
        waiting_ = false;
        rejudge();
    }
    const auto begun = wantAll();
    const bool goesOn = begun && awaitAnswer(pictureAnswer_);
    std::unique_lock lock(mutex_);
    auto answer = std::exchange(pictureAnswer_, std::nullopt);
    if (!begun) answer = begun.error();
    if (answer && (*answer || !bears(answer->error()))) {
        lock.unlock();
        if (!*answer) stopPicture();
        return std::move(*answer);
    }
    waiting_ = goesOn;
    lock.unlock();
    if (goesOn) return VideoSourceFormat{wanted.width, wanted.height, 0, false, {}};
    stopPicture();
    return Error{Code::Cancelled, options_.mainName + ": given up while it was being opened"};
}

void FallbackCore::stopPicture() {
    {
        std::unique_lock lock(mutex_);
        if (!wantedPicture_) return;
        const bool out = onAir_ == Side::Standby;
        wantedPicture_.reset();
        pictureEnded_ = false;
        backToMain();
        rejudge();
        lock.unlock();
        if (out) tell(Code::FallbackEnded, options_.mainName + ": there is to be no picture at the moment, nor the fallback's");
    }
    picture_.close();
    (void)wantAll();
}

void FallbackCore::follow(const VideoWishes& wishes) {
    {
        std::lock_guard lock(mutex_);
        if (!wantedPicture_) return;
        wantedPicture_->wishes = wishes;
    }
    (void)wantAll();
}

Result<void> FallbackCore::startSound(const WantedAudio& wanted, AudioSource::Sink& sink) {
    stopSound();
    sound_.open(sink);
    {
        std::lock_guard lock(mutex_);
        ++soundRun_;
        wantedSound_ = wanted;
        soundAnswer_.reset();
        rejudge();
    }
    const auto begun = wantAll();
    if (beside_) {
        auto started = beside_->start(wanted, besideSink_);
        if (!started) stopSound();
        return started;
    }
    const bool goesOn = begun && awaitAnswer(soundAnswer_);
    std::unique_lock lock(mutex_);
    auto answer = std::exchange(soundAnswer_, std::nullopt);
    lock.unlock();
    if (!begun) answer = begun;
    if (goesOn && (!answer || *answer || bears(answer->error()))) return {};
    stopSound();
    if (answer && !*answer) return *answer;
    return Error{Code::Cancelled, options_.mainName + ": given up while it was being opened"};
}

void FallbackCore::stopSound() {
    {
        std::lock_guard lock(mutex_);
        if (!wantedSound_) return;
        wantedSound_.reset();
        soundEnded_ = false;
        if (!wantedPicture_) backToMain();
        rejudge();
    }
    sound_.close();
    if (beside_) beside_->stop();
    (void)wantAll();
}

void FallbackCore::follow(AudioVolumeType role, MicChannels channels) {
    {
        std::lock_guard lock(mutex_);
        if (!wantedSound_) return;
        wantedSound_->role = role;
        wantedSound_->micChannels = channels;
    }
    if (beside_) {
        beside_->setRole(role);
        beside_->setMicChannels(channels);
    }
    (void)wantAll();
}

void FallbackCore::interrupt() {
    {
        std::lock_guard lock(mutex_);
        interrupted_ = true;
    }
    changed_.notify_all();
    main_.interrupt();
    standby_.interrupt();
    if (beside_) beside_->interrupt();
}

// --- the choice ---------------------------------------------------------------------------------

void FallbackCore::backToMain() {
    onAir_ = Side::Main;
    fault_.reset();
    decider_.stop();
}

/// After what is wanted has changed.
void FallbackCore::rejudge() {
    if (hasPicture_ ? !wantedPicture_ : !wantedSound_) return decider_.stop();
    decider_.begin(now(), wantedPicture_ && !pictureEnded_, wantedSound_ && !soundEnded_);
    if (!clock_.joinable()) {
        if (auto thread = base::startThread("fallback", [this] { watchTime(); }))
            clock_ = std::move(*thread);
        else
            base::log(LogLevel::Error, "fallback: " + thread.error().message + "; a source that gives nothing is not noticed");
    }
    changed_.notify_all();
}

SourceRunner::Ends FallbackCore::standbyEnds() const {
    if (!fault_) return {};
    SourceRunner::Ends ends{.picture = wantedPicture_, .sound = wantedSound_, .pictureRun = pictureRun_, .soundRun = soundRun_};
    if (options_.keepSound) ends.sound.reset();
    if (ends.picture) ends.picture->waits = true;
    return ends;
}

Result<void> FallbackCore::wantAll() {
    std::lock_guard lock(mutex_);
    SourceRunner::Ends ends{.picture = wantedPicture_, .sound = wantedSound_, .pictureRun = pictureRun_, .soundRun = soundRun_};
    if (beside_) ends.sound.reset();
    standbyWants(standbyEnds());
    return main_.want(ends);
}

void FallbackCore::standbyWants(const SourceRunner::Ends& ends) {
    if (const auto begun = standby_.want(ends); !begun) base::log(LogLevel::Error, "fallback: " + begun.error().message);
}

void FallbackCore::judge(Timestamp at) {
    const auto fault = decider_.judge(at);
    if (fault && !fault_) {
        fault_ = fault;
        standbyFailureTold_ = standbyGave_ = false;
        standbyWants(standbyEnds());
    } else if (fault_) {
        fault_ = fault;
        if (fault_) return;
        changed_.notify_all();
        if (onAir_ == Side::Main) standbyWants({});  // it was not even there yet
    }
}

void FallbackCore::watchTime() {
    std::unique_lock lock(mutex_);
    while (!quit_) {
        const auto due = decider_.due();
        if (due && now() - *due > StoodStill::kAtLeast) {
            rejudge();  // the process stood still: that is no fault of the source
        } else if (due && *due <= now()) {
            judge(now());
        } else if (due) {
            changed_.wait_until(lock, asTime(*due));
        } else {
            changed_.wait(lock);
        }
    }
}

/// The source is there, for the first time or again. A first picture may come before its start() has told of what format it is.
void FallbackCore::arrived(Told& told) {
    everThere_ = true;
    told.returned = std::exchange(lossTold_, false);
    toldOpened_ = !std::exchange(waiting_, false) && !told.returned && toldOpened_;
    if (toldOpened_ || !hasPicture_ || mainFormat_.description.empty()) return;
    toldOpened_ = true;
    told.opened = mainFormat_.description;
}

/// Whether something that has come of a side goes out, and what changes with it. `leads`: it is what both tracks go by.
FallbackCore::Told FallbackCore::choose(Side side, bool leads) {
    Told told;
    if (side == Side::Main && leads) arrived(told);
    if (leads && side == Side::Standby && fault_ && onAir_ == Side::Main) {
        onAir_ = side;
        told.began = options_.mainName + ": " + describeFault(*fault_, hasPicture_, options_.rules.after) + "; " +
                     options_.standbyName + " goes out";
    } else if (leads && side == Side::Main && !fault_ && onAir_ == Side::Standby) {
        onAir_ = side;
        told.ended = options_.mainName + ": goes out again";
        standbyWants({});
    }
    told.cut = told.began || told.ended;
    if (told.cut) told.format = side == Side::Main ? mainFormat_ : standbyFormat_;
    if (side == Side::Standby) standbyGave_ = true;
    told.forward = onAir_ == side;
    return told;
}

void FallbackCore::frame(Side side, VideoFrame frame) {
    const auto look = side == Side::Main && watchesPicture_ ? look_.look(frame) : PictureLook{};
    picture_.call([&](VideoSource::Sink& sink) {
        Told told;
        {
            std::lock_guard lock(mutex_);
            if (side == Side::Main) {
                if (pictureEnded_) {  // a pipe with another writer
                    pictureEnded_ = soundEnded_ = false;
                    rejudge();
                }
                decider_.picture(now(), look);
                judge(now());
            }
            told = choose(side, true);
        }
        if (told.returned) sink.code(Code::CameraReturned, options_.mainName + ": is there again");
        if (told.opened) sink.code(Code::CameraOpened, *told.opened);
        if (told.format) sink.formatChanged(*told.format);
        if (told.cut) sink.cut();
        if (told.forward) sink.frame(std::move(frame));
        if (told.began) sink.code(Code::FallbackBegan, *told.began);
        if (told.ended) sink.code(Code::FallbackEnded, *told.ended);
    });
}

void FallbackCore::samples(Side side, const float* samples, std::size_t frames, Timestamp pts) {
    sound_.call([&](AudioSource::Sink& sink) {
        Told told;
        {
            std::lock_guard lock(mutex_);
            if (side == Side::Main) {
                const auto count = frames * static_cast<std::size_t>(wantedSound_ ? wantedSound_->channels : 1);
                decider_.sound(now(), !watchesSound_ || isLoud(samples, count));
                judge(now());
            }
            told = choose(side, !hasPicture_);
            if (side == Side::Main && options_.keepSound) told.forward = true;
        }
        if (told.returned) sink.code(Code::CameraReturned, options_.mainName + ": is there again");
        if (told.forward) sink.samples(samples, frames, pts);
        if (told.began) sink.code(Code::FallbackBegan, *told.began);
        if (told.ended) sink.code(Code::FallbackEnded, *told.ended);
    });
}

}  // namespace livepusher::capture
